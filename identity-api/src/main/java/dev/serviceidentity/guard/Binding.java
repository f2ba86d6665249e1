// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.guard;

import dev.serviceidentity.access.Layer;
import dev.serviceidentity.access.Refusal;
import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.caller.Reason;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.network.SourceAddress;
import dev.serviceidentity.network.Workload;
import dev.serviceidentity.network.WorkloadResolver.Resolution;
import dev.serviceidentity.spi.ForeignText;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The third layer: the credential's workload and the pods behind the source address must be the
 * same. A stolen credential, used from another workload's pod, fails here.
 */
final class Binding {
  private Binding() {}

  /** The pods that own the source address, as far as they are known. */
  static List<Workload> candidates(Resolution resolution) {
    if (resolution instanceof Resolution.One one) {
      return List.of(one.workload());
    }
    return resolution instanceof Resolution.Candidates several ? several.workloads() : List.of();
  }

  /** Those of the pods that a credential can be of: the one that it names, where it names one. */
  static List<Workload> narrowed(List<Workload> owners, Caller.@Nullable BoundPod pod) {
    return pod == null ? owners : owners.stream().filter(owner -> isOf(pod, owner)).toList();
  }

  /** Manifests have no uids. */
  private static boolean isOf(Caller.BoundPod pod, Workload owner) {
    String uid = owner.pod().uid();
    return pod.name().equals(owner.pod().name()) && (uid.isEmpty() || uid.equals(pod.uid()));
  }

  /**
   * Judges a credential that is a workload's.
   *
   * @param pod the one pod that it is for, or null if it names none
   */
  static Optional<Refusal> judge(
      ServiceAccountName proven,
      Caller.@Nullable BoundPod pod,
      SourceAddress source,
      Resolution resolution) {
    String address = source.effective().getHostAddress();
    if (resolution instanceof Resolution.Unknown unknown) {
      return refused(RefusalReason.SOURCE_UNKNOWN, address + ": " + unknown.why());
    }
    if (resolution instanceof Resolution.External) {
      return refused(
          RefusalReason.SOURCE_OUTSIDE,
          "the credential is of " + proven + ", but " + address + " is outside the cluster");
    }
    List<Workload> owners = candidates(resolution);
    if (owners.isEmpty()) {
      throw new IllegalStateException("Nobody owns " + address + " by " + resolution);
    }
    for (Workload owner : owners) {
      if (!owner.serviceAccount().equals(proven)) {
        return refused(RefusalReason.WRONG_WORKLOAD, mismatch(proven, address, owner));
      }
    }
    return pod == null || !narrowed(owners, pod).isEmpty()
        ? Optional.empty()
        : refused(
            RefusalReason.WRONG_WORKLOAD,
            mismatch(proven, address, owners.get(0))
                + ": the credential is for pod "
                + ForeignText.quote(pod.name())
                + " alone, of uid "
                + ForeignText.quote(pod.uid()));
  }

  /** Says why an address proves nothing. */
  static String hidden(SourceAddress source, Resolution.Hidden hidden) {
    return source.effective().getHostAddress() + " is " + hidden.why();
  }

  static Optional<Refusal> refused(Reason reason, String detail) {
    return Optional.of(new Refusal(Layer.BINDING, reason, detail));
  }

  private static String mismatch(ServiceAccountName proven, String address, Workload other) {
    return "the credential is of "
        + proven
        + ", but "
        + address
        + " is pod "
        + other.displayName()
        + ", which runs as "
        + other.serviceAccount();
  }
}
