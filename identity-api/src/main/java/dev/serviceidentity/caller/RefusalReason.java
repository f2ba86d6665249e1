// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.caller;

/**
 * The reasons that belong to no mechanism: those of the layered guard, and what verifiers share.
 */
public enum RefusalReason implements Reason {
  /** The request carries no evidence that any configured mechanism claims. */
  NO_CREDENTIALS(
      Kind.UNAUTHENTICATED, "Send a credential of one of the mechanisms named in the challenges."),
  /** A field that may be there once is there several times. */
  AMBIGUOUS_CREDENTIALS(
      Kind.UNAUTHENTICATED, "Send exactly one Authorization field line per request."),
  /** What is asked for needs a mechanism that the caller has not proven himself by. */
  MECHANISM_REQUIRED(
      Kind.UNAUTHENTICATED,
      "Send a credential of the mechanism that the explanation names, beside others or alone."),
  /** Two verified credentials belong to different workloads. */
  EVIDENCE_DISAGREES(
      Kind.UNAUTHENTICATED,
      "Let the caller use credentials of one workload only; if it does, give the network a"
          + " binding(...) for both the realm and the trust domain, or let callers use one"
          + " mechanism."),
  /** A verifier or a look-up could not decide in time or at all. */
  UNAVAILABLE(
      Kind.UNDECIDED, "Look at this service's health(): a part that verification needs is down."),
  /** A verifier, resolver or checker failed with an error of its own. */
  INTERNAL_ERROR(
      Kind.UNDECIDED, "Report the logged stack trace; the request was refused to be safe."),
  /** Too many requests of this source wait for a decision. */
  OVERLOADED(Kind.UNDECIDED, "Slow down; the limit is per source address."),
  /** The identity has been closed. */
  CLOSED(Kind.UNDECIDED, "The service is shutting down; call another replica."),
  /** The audit queue is full and the audit is required. */
  AUDIT_UNAVAILABLE(
      Kind.UNDECIDED, "Find out why the audit sink does not keep up, or make it optional."),
  /** The verified principal is not among the allowed callers. */
  NOT_ALLOWED(Kind.FORBIDDEN, "If it should call, add it to this service's AllowedCallers."),
  /** The verified principal belongs to no workload of the cluster. */
  UNBOUND_PRINCIPAL(
      Kind.FORBIDDEN,
      "Map the principal to a service account, or name it in admitUnbound(...) if it is no pod."),
  /** The source address belongs to another workload than the credential. */
  WRONG_WORKLOAD(
      Kind.FORBIDDEN,
      "Treat the credential as stolen until it is known why another workload holds it."),
  /** The credential does not say which pod it is for, and this service demands that it does. */
  NOT_POD_BOUND(
      Kind.FORBIDDEN,
      "Let the caller use a projected service-account token, or leave"
          + " requirePodBoundCredential() out."),
  /** The source address lies outside the cluster, but the credential is a workload's. */
  SOURCE_OUTSIDE(
      Kind.FORBIDDEN,
      "Treat the credential as stolen, or name the caller in admitUnbound(...) if it runs outside."),
  /** The source address proves nothing: loopback, this pod's own, or a node's. */
  SOURCE_HIDDEN(
      Kind.FORBIDDEN, "Let callers reach this service without a proxy that hides their address."),
  /** The source address belongs to no workload that is known. */
  SOURCE_UNKNOWN(
      Kind.UNDECIDED, "Wait until the cluster view shows the pod, or see why it does not."),
  /** The view of the cluster is older than its limit. */
  VIEW_STALE(Kind.UNDECIDED, "See health(): the connection to the Kubernetes API is lost."),
  /** The network policies do not permit this flow. */
  POLICY_DENIES(
      Kind.FORBIDDEN, "See the explanation: it names the policy and the rule that came nearest."),
  /** The network policies cannot be evaluated for this flow. */
  POLICY_UNDECIDABLE(Kind.UNDECIDED, "See the explanation: it names the missing fact or right.");

  private final Kind kind;
  private final String remedy;

  RefusalReason(Kind kind, String remedy) {
    this.kind = kind;
    this.remedy = remedy;
  }

  @Override
  public Kind kind() {
    return kind;
  }

  @Override
  public String remedy() {
    return remedy;
  }
}
