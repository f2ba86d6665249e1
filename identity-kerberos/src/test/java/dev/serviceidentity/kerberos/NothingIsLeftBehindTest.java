// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.testkit.EmbeddedKdc;
import dev.serviceidentity.testkit.TicketLife;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an identity holds on to as the years go by. */
class NothingIsLeftBehindTest {
  /** One of each refresh would be a thousand. */
  private static final long LEAST_OF_A_THOUSAND = 500;

  /** Threads that speak with KDCs come and go. */
  private static final long MOST_THREADS_OF_EXCHANGES = 8;

  @TempDir Path directory;

  @Test
  @Timeout(180)
  void aThousandRefreshesLeaveNoThreadNoSocketAndNoMemory() throws Exception {
    try (var kdc = EmbeddedKdc.start("YEARS.EXAMPLE", TicketLife.of(Duration.ofMinutes(1)))) {
      kdc.principal("HTTP/stock.shop");
      String web = kdc.principal("web");
      String logging = "java.util.logging.config.file";
      Process jvm =
          ChildJvm.start(
              RefreshAThousandTimes.class,
              List.of("-D" + logging + "=" + System.getProperty(logging)),
              kdc.krb5Conf(),
              web,
              kdc.keytab(directory.resolve("web.keytab"), "web"));
      try {
        var said = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(said).contains("GENERATION 1101");
        long[] before = numbers(said, "BEFORE ");
        long[] after = numbers(said, "AFTER ");
        assertThat(after[0]).as(said).isLessThanOrEqualTo(before[0] + MOST_THREADS_OF_EXCHANGES);
        assertThat(after[1]).as(said).isLessThanOrEqualTo(before[1] + 2);
        assertThat(after[2]).as(said).isLessThan(before[2] + LEAST_OF_A_THOUSAND);
      } finally {
        jvm.destroyForcibly();
      }
    }
  }

  private static long[] numbers(String said, String name) {
    String line = said.lines().filter(each -> each.startsWith(name)).findFirst().orElseThrow();
    return Arrays.stream(line.substring(name.length()).split(" "))
        .mapToLong(Long::parseLong)
        .toArray();
  }
}
