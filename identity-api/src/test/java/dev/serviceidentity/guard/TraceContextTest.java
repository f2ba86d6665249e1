// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.audit.AccessEvent.Trace;
import dev.serviceidentity.fakes.Requests;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A trace context")
class TraceContextTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";

  @Test
  void isReadFromTraceparent() {
    assertThat(read("00-" + TRACE + "-" + SPAN + "-01")).isEqualTo(new Trace(TRACE, SPAN));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0\n",
      })
  void isNoneIfThatIsMalformed(String traceparent) {
    assertThat(read(traceparent)).isNull();
  }

  @Test
  void isNoneIfThereAreTwo() {
    String one = "00-" + TRACE + "-" + SPAN + "-01";
    assertThat(read(one, one)).isNull();
    assertThat(read()).isNull();
  }

  private static Trace read(String... values) {
    return TraceContext.of(Requests.anonymous().headers(Map.of("Traceparent", List.of(values))));
  }
}
