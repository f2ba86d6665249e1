// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.access.AccessDecision;
import dev.serviceidentity.access.Layer;
import dev.serviceidentity.audit.AccessEvent;
import dev.serviceidentity.caller.Forwarder;
import dev.serviceidentity.caller.Reason;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.mechanism.RequestCredentials;
import dev.serviceidentity.network.Explanation;
import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.FlowEnd;
import dev.serviceidentity.network.PolicyDecision;
import dev.serviceidentity.network.SourceAddress;
import dev.serviceidentity.network.WorkloadResolver;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Users switch over these; a variant that is added or lost breaks them without a word. */
@DisplayName("A type that users switch over")
class PinnedTypesTest {
  @ParameterizedTest
  @MethodSource
  void hasExactlyTheseVariants(Class<?> type, List<String> variants) {
    assertThat(type.isSealed()).isTrue();
    assertThat(Arrays.stream(type.getPermittedSubclasses()).map(Class::getSimpleName))
        .containsExactlyInAnyOrderElementsOf(variants);
  }

  static Stream<Arguments> hasExactlyTheseVariants() {
    return Stream.of(
        of(AccessDecision.class, "Admitted", "Refused"),
        of(Verification.class, "Verified", "Rejected"),
        of(RequestCredentials.Reply.class, "Complete", "Unauthenticated", "Failed"),
        of(FlowEnd.class, "PodEnd", "AddressEnd"),
        of(Forwarder.class, "Proxy", "Sidecar"),
        of(
            WorkloadResolver.Resolution.class,
            "One",
            "Candidates",
            "External",
            "Hidden",
            "Unknown"));
  }

  @ParameterizedTest
  @MethodSource
  void hasExactlyTheseConstantsInThisOrder(Class<? extends Enum<?>> type, List<String> constants) {
    assertThat(Arrays.stream(type.getEnumConstants()).map(Enum::name))
        .containsExactlyElementsOf(constants);
  }

  static Stream<Arguments> hasExactlyTheseConstantsInThisOrder() {
    return Stream.of(
        of(Layer.class, "IDENTITY", "CALLER", "BINDING", "NETWORK"),
        of(AccessEvent.Decision.class, "ADMITTED", "REFUSED"),
        of(Reason.Kind.class, "UNAUTHENTICATED", "FORBIDDEN", "UNDECIDED"),
        of(Health.Status.class, "UP", "DEGRADED", "DOWN"),
        of(SelfCheck.Severity.class, "OK", "WARNING", "FAILED"),
        of(
            IdentityException.Code.class,
            "CONFIGURATION",
            "NOT_READY",
            "EXPIRED",
            "AUTHORITY_UNREACHABLE",
            "REFUSED",
            "CLOSED"),
        of(Flow.Protocol.class, "TCP", "UDP", "SCTP"),
        of(Flow.Side.class, "INGRESS", "EGRESS", "BOTH"),
        of(PolicyDecision.Verdict.class, "ALLOWED", "DENIED", "UNDECIDABLE"),
        of(SourceAddress.Basis.class, "SOCKET", "FORWARDED"),
        of(
            Explanation.Says.class,
            "NOT_APPLICABLE",
            "ADMITS",
            "DOES_NOT_ADMIT",
            "DENIES",
            "PASSES",
            "MALFORMED",
            "UNDECIDABLE"),
        of(
            RefusalReason.class,
            "NO_CREDENTIALS",
            "AMBIGUOUS_CREDENTIALS",
            "MECHANISM_REQUIRED",
            "EVIDENCE_DISAGREES",
            "UNAVAILABLE",
            "INTERNAL_ERROR",
            "OVERLOADED",
            "CLOSED",
            "AUDIT_UNAVAILABLE",
            "NOT_ALLOWED",
            "UNBOUND_PRINCIPAL",
            "WRONG_WORKLOAD",
            "NOT_POD_BOUND",
            "SOURCE_OUTSIDE",
            "SOURCE_HIDDEN",
            "SOURCE_UNKNOWN",
            "VIEW_STALE",
            "POLICY_DENIES",
            "POLICY_UNDECIDABLE"));
  }

  @ParameterizedTest
  @MethodSource
  void tellsItsHttpStatus(RefusalReason reason, int status) {
    assertThat(reason.kind().httpStatus()).isEqualTo(status);
    assertThat(reason.remedy()).endsWith(".");
  }

  static Stream<Arguments> tellsItsHttpStatus() {
    return Arrays.stream(RefusalReason.values())
        .map(reason -> Arguments.of(reason, status(reason)));
  }

  private static int status(RefusalReason reason) {
    return switch (reason) {
      case MECHANISM_REQUIRED, NO_CREDENTIALS, AMBIGUOUS_CREDENTIALS, EVIDENCE_DISAGREES -> 401;
      case NOT_ALLOWED,
          UNBOUND_PRINCIPAL,
          WRONG_WORKLOAD,
          NOT_POD_BOUND,
          SOURCE_OUTSIDE,
          SOURCE_HIDDEN,
          POLICY_DENIES ->
          403;
      case UNAVAILABLE,
          INTERNAL_ERROR,
          OVERLOADED,
          CLOSED,
          AUDIT_UNAVAILABLE,
          SOURCE_UNKNOWN,
          VIEW_STALE,
          POLICY_UNDECIDABLE ->
          503;
    };
  }

  private static Arguments of(Class<?> type, String... names) {
    return Arguments.of(type, List.of(names));
  }
}
