// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.k8s.cluster.LiveKind;
import dev.serviceidentity.k8s.cluster.LoadReport;
import dev.serviceidentity.k8s.cluster.Loopback;
import dev.serviceidentity.k8s.cluster.ServiceFacts;
import dev.serviceidentity.k8s.cluster.UntypedPolicies;
import dev.serviceidentity.k8s.issuing.KubernetesCertificateIssuer;
import dev.serviceidentity.k8s.live.LiveSettings;
import dev.serviceidentity.k8s.policy.AddressOwner;
import dev.serviceidentity.k8s.policy.Assumptions;
import dev.serviceidentity.k8s.policy.ClusterPolicyFacts;
import dev.serviceidentity.k8s.policy.Direction;
import dev.serviceidentity.k8s.policy.IpAddress;
import dev.serviceidentity.k8s.policy.LabelSelector;
import dev.serviceidentity.k8s.policy.Peer;
import dev.serviceidentity.k8s.policy.PodFacts;
import dev.serviceidentity.k8s.policy.PortRule;
import dev.serviceidentity.k8s.policy.Tier;
import dev.serviceidentity.k8s.policy.TierRule;
import dev.serviceidentity.k8s.question.Reference;
import dev.serviceidentity.k8s.rights.Access;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Users switch over these; a variant that is added or lost breaks them without a word. */
@DisplayName("A type of policies that users switch over")
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
        of(AddressOwner.class, "Pods", "Node", "Outside", "Unknown"),
        of(Peer.class, "Pods", "Block", "Networks", "Malformed"),
        of(PortRule.class, "Range", "Named", "Malformed"),
        of(Reference.class, "Named", "OfKind", "Address", "External"),
        of(LiveSettings.Scope.class, "Whole", "Lean"));
  }

  @ParameterizedTest
  @MethodSource
  void hasExactlyTheseConstantsInThisOrder(Class<? extends Enum<?>> type, List<String> constants) {
    assertThat(Arrays.stream(type.getEnumConstants()).map(Enum::name))
        .containsExactlyElementsOf(constants);
  }

  static Stream<Arguments> hasExactlyTheseConstantsInThisOrder() {
    return Stream.of(
        of(
            LiveKind.class,
            "NAMESPACE",
            "POD",
            "NODE",
            "SERVICE_ACCOUNT",
            "NETWORK_POLICY",
            "CLUSTER_NETWORK_POLICY",
            "ADMIN_NETWORK_POLICY",
            "BASELINE_ADMIN_NETWORK_POLICY",
            "SERVICE",
            "ENDPOINT_SLICE",
            "EARLY_ENDPOINT_SLICE"),
        of(ServiceFacts.Kind.class, "CLUSTER_IP", "HEADLESS", "EXTERNAL_NAME"),
        of(
            KubernetesCertificateIssuer.Usage.class,
            "DIGITAL_SIGNATURE",
            "KEY_ENCIPHERMENT",
            "CLIENT_AUTH",
            "SERVER_AUTH"),
        of(Direction.class, "INGRESS", "EGRESS"),
        of(Tier.class, "ADMIN", "BASELINE"),
        of(TierRule.Action.class, "ACCEPT", "DENY", "PASS"),
        of(
            ClusterPolicyFacts.Kind.class,
            "CLUSTER_NETWORK_POLICY",
            "ADMIN_NETWORK_POLICY",
            "BASELINE_ADMIN_NETWORK_POLICY"),
        of(LabelSelector.Operator.class, "IN", "NOT_IN", "EXISTS", "DOES_NOT_EXIST"),
        of(IpAddress.Family.class, "IPV4", "IPV6"),
        of(PodFacts.Lifecycle.class, "ACTIVE", "TERMINATING", "ENDED", "TEMPLATE"),
        of(Assumptions.PodsInBlocks.class, "MATCH", "IGNORE", "UNDECIDABLE"),
        of(Assumptions.Unowned.class, "UNDECIDABLE", "BLOCKS_DECIDE", "OUTSIDE"),
        of(Loopback.class, "IGNORED", "TRUSTED"),
        of(UntypedPolicies.class, "UNREAD", "BY_SHAPE"),
        of(LoadReport.Severity.class, "ERROR", "WARNING", "NOTE"),
        of(Access.class, "BOTH", "IDENTITY_ONLY", "NETWORK_ONLY", "NEITHER", "UNDECIDABLE"));
  }

  private static Arguments of(Class<?> type, String... names) {
    return Arguments.of(type, List.of(names));
  }
}
