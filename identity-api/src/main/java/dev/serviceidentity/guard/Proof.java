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
    return verified.stream()
        .flatMap(one -> one.caller().forwardedBy().stream())
        .findFirst()
        .orElse(null);
  }

  /** The one pod that a credential is for; null if none is for one alone. */
  Caller.@Nullable BoundPod pod() {
    return verified.stream()
        .flatMap(one -> one.caller().boundPod().stream())
        .findFirst()
        .orElse(null);
  }

  Caller primary() {
    return verified.get(0).caller();
  }

  @Override
  public List<Caller> callers() {
    return verified.stream().map(Verified::caller).toList();
  }

  List<HeaderField> reply() {
    return verified.stream().flatMap(one -> one.reply().stream()).toList();
  }

  List<Call> calls(CallerEvidence evidence) {
    return verified.stream()
        .map(one -> new Call(one.caller(), serviceAccount, evidence.method(), evidence.path()))
        .toList();
  }
}
