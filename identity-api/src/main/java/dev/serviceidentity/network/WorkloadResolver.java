// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.network;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.identity.ServiceAccountName;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Finds the workloads behind a source address, and the one that a principal stands for. */
@FunctionalInterface
public interface WorkloadResolver {
  /** What is behind a source address. */
  sealed interface Resolution {
    /**
     * Exactly one pod owns the address.
     *
     * @param workload that pod
     */
    record One(Workload workload) implements Resolution {
      /**
       * Checks that it is there.
       *
       * @param workload the pod
       */
      public One {
        Objects.requireNonNull(workload, "workload");
      }
    }

    /**
     * Several pods may own the address, for example one that ends and one that starts.
     *
     * @param workloads two or more
     */
    record Candidates(List<Workload> workloads) implements Resolution {
      /**
       * Copies the list.
       *
       * @param workloads two or more
       * @throws IllegalArgumentException if there are fewer than two
       */
      public Candidates {
        workloads = List.copyOf(workloads);
        if (workloads.size() < 2) {
          throw new IllegalArgumentException("Candidates are two or more; use One or Unknown");
        }
      }
    }

    /** The address is known to lie outside the cluster. */
    record External() implements Resolution {}

    /**
     * The address proves nothing: loopback, this pod's own, or a node's.
     *
     * @param why what the address is
     */
    record Hidden(String why) implements Resolution {
      /**
       * Checks that it is said why.
       *
       * @param why what the address is
       */
      public Hidden {
        Objects.requireNonNull(why, "why");
      }
    }

    /**
     * The view does not know the address. It is never taken for an external one.
     *
     * @param why what is missing
     */
    record Unknown(String why) implements Resolution {
      /**
       * Checks that it is said why.
       *
       * @param why what is missing
       */
      public Unknown {
        Objects.requireNonNull(why, "why");
      }
    }
  }

  /**
   * Finds the workloads behind an address, in memory.
   *
   * @param caller the verified caller, whose credential may narrow the answer
   * @param source the address that the request is judged by
   * @return what is known now; never waits
   */
  Resolution resolve(Caller caller, SourceAddress source);

  /**
   * Looks an address up that {@link #resolve} does not know. The guard calls this after an {@link
   * Resolution.Unknown} only, and gives up after its admission timeout.
   *
   * @param caller the verified caller
   * @param source the address that the request is judged by
   * @return a stage; unless overridden it is complete, with what {@link #resolve} says
   */
  default CompletionStage<Resolution> lookUp(Caller caller, SourceAddress source) {
    return CompletableFuture.completedFuture(resolve(caller, source));
  }

  /**
   * The pods that run as a service account: where the address of a forwarded caller is hidden, it
   * may be any of them.
   *
   * @param account whose pods
   * @return what is known now; none unless overridden, and then such callers are refused
   */
  default List<Workload> workloadsOf(ServiceAccountName account) {
    return List.of();
  }

  /**
   * The service account that a proven name stands for. Whoever reads it from the path of a SPIFFE
   * ID ({@link ServiceAccountName#ofSpiffePath}) must look at the trust domain first: the same path
   * in another domain names somebody else.
   *
   * @param principal the proven name
   * @return empty if it stands for no workload; unless overridden, nobody does
   */
  default Optional<ServiceAccountName> serviceAccountOf(PrincipalId principal) {
    return Optional.empty();
  }
}
