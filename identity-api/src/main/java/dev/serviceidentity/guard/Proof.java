// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.guard;

import dev.serviceidentity.caller.AllowedCallers.Call;
import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.Forwarder;
import dev.serviceidentity.caller.HeaderField;
import dev.serviceidentity.caller.Verification.Verified;
import dev.serviceidentity.identity.ServiceAccountName;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the first layer established: all callers verified, and the one workload they stand for.
 *
 * @param verified at least one; all stand for the same workload
 * @param serviceAccount that workload's, or null if the principal is no workload's
 */
record Proof(List<Verified> verified, @Nullable ServiceAccountName serviceAccount)
    implements Authentication.Outcome {

  /** Who passed the request on; a caller that did not prove itself here makes all of it so. */
  @Nullable Forwarder forwarder() {
    return first(Caller::forwardedBy);
  }

  /** The one pod that a credential is for; null if none is for one alone. */
  Caller.@Nullable BoundPod pod() {
    return first(Caller::boundPod);
  }

  Caller primary() {
    return verified.get(0).caller();
  }

  @Override
  public List<Caller> callers() {
    return Each.of(verified, Verified::caller);
  }

  List<HeaderField> reply() {
    return verified.size() == 1
        ? verified.get(0).reply()
        : verified.stream().flatMap(one -> one.reply().stream()).toList();
  }

  /** Whether a rule allows one of the callers to make the call. */
  boolean hasCall(CallerEvidence evidence, Predicate<Call> rule) {
    for (Verified one : verified) {
      if (rule.test(
          new Call(one.caller(), serviceAccount, evidence.method(), evidence.path()))) {
        return true;
      }
    }
    return false;
  }

  private <T> @Nullable T first(Function<Caller, Optional<T>> told) {
    for (Verified one : verified) {
      Optional<T> found = told.apply(one.caller());
      if (found.isPresent()) {
        return found.get();
      }
    }
    return null;
  }
}
