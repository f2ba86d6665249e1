// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.spiffe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The address of a Workload API (SPIFFE Workload Endpoint, section 4). */
class WorkloadApiTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "unix:///run/spire/agent/api.sock",
        "unix:/run/spire/agent/api.sock",
        "UNIX:///run/api.sock"
      })
  void aUnixSocketIsNamedByItsPath(String address) {
    WorkloadApi api = WorkloadApi.at(address);

    assertThat(api.isUnix()).isTrue();
    assertThat(api.address().toString()).startsWith("/run/").endsWith("api.sock");
    assertThat(api).hasToString(address);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp://127.0.0.1:8081", "tcp://127.9.0.1:8081", "tcp://[::1]:8081"})
  void aPortOfTheLoopbackIsAsGood(String address) {
    assertThat(WorkloadApi.at(address).isUnix()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/run/api.sock",
        "unix:",
        "unix:///",
        "unix:api.sock",
        "unix://host/run/api.sock",
        "unix:///run/api.sock?x=1",
        "unix:///run/api.sock#x",
        "unix:///run/a pi.sock",
        "tcp://127.0.0.1",
        "tcp://127.0.0.1:0",
        "tcp://127.0.0.1:65536",
        "tcp://127.0.0.1:8081/path",
        "tcp://127.0.0.1:8081?x=1",
        "tcp://me@127.0.0.1:8081",
        "tcp://127.0.0.999:8081",
        // Keys would travel over a network in clear, or a name would say where to.
        "tcp://10.0.0.1:8081",
        "tcp://0.0.0.0:8081",
        "tcp://localhost:8081",
        "tcp://127.0.0.1.example:8081",
        "http://127.0.0.1:8081"
      })
  void anythingElseIsRefused(String address) {
    assertThatThrownBy(() -> WorkloadApi.at(address))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("write unix:///path/of/the.sock, or tcp://127.0.0.1:port");
  }

  @Test
  void theVariableNamesTheAddressToo() {
    assertThat(WorkloadApi.named("unix:///run/api.sock")).hasToString("unix:///run/api.sock");
  }

  @Test
  void aVariableThatIsMissingOrWrongIsNamed() {
    isWrong(null, "The variable SPIFFE_ENDPOINT_SOCKET is not set");
    isWrong("", "The variable SPIFFE_ENDPOINT_SOCKET is not set");
    isWrong("/run/api.sock", "The variable SPIFFE_ENDPOINT_SOCKET: '/run/api.sock' is not");
  }

  private static void isWrong(String variable, String told) {
    assertThatThrownBy(() -> WorkloadApi.named(variable))
        .hasMessageContaining(told)
        .isInstanceOfSatisfying(
            IdentityException.class, e -> assertThat(e.code()).isEqualTo(Code.CONFIGURATION));
  }
}
