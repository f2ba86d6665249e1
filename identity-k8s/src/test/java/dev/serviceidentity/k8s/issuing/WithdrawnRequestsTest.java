// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.issuing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.k8s.issuing.ScriptedSigning.Creation;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** No request is left where its maker goes away, or an answer is lost. */
class WithdrawnRequestsTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final RequestForTest request = RequestForTest.ec();
  private final CompletableFuture<Throwable> end = new CompletableFuture<>();

  WithdrawnRequestsTest() throws Exception {}

  private static KubernetesIssuerBuilder issuer(ScriptedSigning api) {
    return KubernetesCertificateIssuer.using(api.client())
        .signer("shop.example/workloads")
        .patience(Duration.ofSeconds(90));
  }

  private Thread asking(KubernetesCertificateIssuer issuer) {
    var thread =
        new Thread(
            () -> {
              Throwable why = catchThrowable(() -> issuer.issue(request.der(), HOUR));
              end.complete(Thread.currentThread().isInterrupted() ? new AssertionError(why) : why);
            });
    thread.start();
    return thread;
  }

  @Test
  void whoeverIsInterruptedBeforeTheAnswerToTheCreationLeavesNothing() throws Exception {
    try (var api = ScriptedSigning.open(Creation.KEPT_BACK);
        var issuer = issuer(api).open()) {
      Thread asking = asking(issuer);
      String name = api.next("POST");
      asking.interrupt();
      assertThat(end.get(60, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
      assertThat(api.next("DELETE")).isEqualTo(name);
    }
  }

  @Test
  void aRequestWhoseCreationIsNotAnsweredIsWithdrawn() throws Exception {
    try (var api = ScriptedSigning.open(Creation.LOST);
        var issuer = issuer(api).open()) {
      assertThat(
              catchThrowableOfType(IdentityException.class, () -> issuer.issue(request.der(), HOUR))
                  .code())
          .isEqualTo(Code.AUTHORITY_UNREACHABLE);
      assertThat(api.next("POST")).isEqualTo(api.next("DELETE"));
    }
  }

  @Test
  void closingSendsAwayWhoeverWaitsAndLeavesNothing() throws Exception {
    try (var api = ScriptedSigning.open(Creation.ANSWERED);
        var issuer = issuer(api).open()) {
      asking(issuer);
      String name = api.next("POST");
      assertThat(api.next("GET")).isEqualTo(name);
      issuer.close();
      assertThat(end.get(60, TimeUnit.SECONDS))
          .isInstanceOfSatisfying(
              IdentityException.class, e -> assertThat(e.code()).isEqualTo(Code.CLOSED));
      assertThat(api.next("DELETE")).isEqualTo(name);
    }
  }

  /** However late it is seen. */
  @Test
  void aRequestThatTheServiceApprovedIsNotSaidToBeApprovedByNobody() throws Exception {
    try (var api = ScriptedSigning.open(Creation.ANSWERED);
        var issuer = issuer(api).approveItself().patience(Duration.ofSeconds(2)).open()) {
      assertThat(catchThrowable(() -> issuer.issue(request.der(), HOUR)))
          .hasMessageContaining("is approved, but nobody signed it within 2 s");
    }
  }
}
