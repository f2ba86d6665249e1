// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.guard;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.CallerVerifier;
import dev.serviceidentity.caller.HeaderField;
import dev.serviceidentity.caller.Reason;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.caller.Verification.Rejected;
import dev.serviceidentity.caller.Verification.Verified;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.identity.ServiceAccountName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The first layer: every claimed piece of evidence must verify, and all of them must stand for the
 * same workload.
 */
final class Authentication {
  /** What comes of the evidence: a {@link Proof}, or its failure. */
  sealed interface Outcome permits Proof, Failure {
    /** Whose credentials were verified. */
    List<Caller> callers();
  }

  /**
   * There is no proof.
   *
   * @param callers whose credentials were verified although others were rejected
   * @param rejected what the caller is told
   */
  record Failure(List<Caller> callers, Rejected rejected) implements Outcome {
    static Failure of(Reason reason, String detail) {
      return new Failure(List.of(), Verification.rejected(reason, detail));
    }
  }

  private final Map<MechanismName, CallerVerifier> verifiers;
  private final Function<PrincipalId, Optional<ServiceAccountName>> serviceAccounts;

  /**
   * Makes the layer.
   *
   * @param verifiers by mechanism, in the order in which they were configured
   * @param serviceAccounts what a principal stands for
   */
  Authentication(
      Map<MechanismName, CallerVerifier> verifiers,
      Function<PrincipalId, Optional<ServiceAccountName>> serviceAccounts) {
    this.verifiers = verifiers;
    this.serviceAccounts = serviceAccounts;
  }

  List<MechanismName> claimedBy(CallerEvidence evidence) {
    var claimed = new ArrayList<MechanismName>(verifiers.size());
    verifiers.forEach(
        (name, verifier) -> {
          if (verifier.claims(evidence)) {
            claimed.add(name);
          }
        });
    return List.copyOf(claimed);
  }

  CompletionStage<Outcome> authenticate(
      CallerEvidence evidence, List<MechanismName> claims, Patience patience) {
    if (evidence.header("authorization").size() > 1) {
      // RFC 9110 section 11.6.2: one line. Two could be read differently by us and by a proxy.
      return done(Failure.of(RefusalReason.AMBIGUOUS_CREDENTIALS, "two Authorization field lines"));
    }
    if (claims.isEmpty()) {
      return done(
          Failure.of(
              RefusalReason.NO_CREDENTIALS,
              "no evidence of any of " + verifiers.keySet() + ignored(evidence)));
    }
    List<CompletableFuture<Verification>> claimed =
        Each.of(claims, name -> verify(name, evidence, patience).toCompletableFuture());
    return CompletableFuture.allOf(claimed.toArray(CompletableFuture<?>[]::new))
        .thenApply(all -> combine(Each.of(claimed, CompletableFuture::join)));
  }

  /** What a caller stands for. */
  @Nullable ServiceAccountName serviceAccountOf(Caller caller) {
    return serviceAccounts.apply(caller.principal()).orElse(null);
  }

  /** What verifiers saw and do not believe. */
  List<String> ignoredIn(CallerEvidence evidence) {
    var ignored = new ArrayList<String>(0);
    verifiers.values().forEach(verifier -> ignored.addAll(verifier.ignored(evidence)));
    return List.copyOf(ignored);
  }

  /** The field lines by which a refused caller learns how to authenticate. */
  List<HeaderField> challenges() {
    return verifiers.values().stream()
        .flatMap(verifier -> verifier.challenges().stream())
        .map(challenge -> new HeaderField("WWW-Authenticate", challenge))
        .toList();
  }

  private String ignored(CallerEvidence evidence) {
    List<String> ignored = ignoredIn(evidence);
    return ignored.isEmpty() ? "" : "; ignored " + String.join("; ", ignored);
  }

  private CompletionStage<Verification> verify(
      MechanismName name, CallerEvidence evidence, Patience patience) {
    CallerVerifier verifier = verifiers.get(name);
    if (verifier == null) {
      throw new IllegalStateException("No verifier for " + name);
    }
    return patience
        .await("The verifier of " + name, () -> verifier.verifyAsync(evidence))
        .thenApply(answer -> answer.fold(verification -> verification, Verification::rejected));
  }

  private Outcome combine(List<Verification> verifications) {
    List<Verified> verified = only(Verified.class, verifications);
    List<Rejected> rejected = only(Rejected.class, verifications);
    if (!rejected.isEmpty()) {
      return new Failure(callersOf(verified), together(rejected));
    }
    List<Optional<ServiceAccountName>> workloads =
        Each.of(verified, one -> serviceAccounts.apply(one.caller().principal()));
    if (!agree(verified, workloads)) {
      return new Failure(
          callersOf(verified),
          Verification.rejected(
              RefusalReason.EVIDENCE_DISAGREES,
              Each.of(callersOf(verified), Caller::principal)
                  + " stand for "
                  + names(workloads)));
    }
    return new Proof(verified, workloads.get(0).orElse(null));
  }

  /** Two principals that stand for no workload have nothing in common that we could compare. */
  private static boolean agree(
      List<Verified> verified, List<Optional<ServiceAccountName>> workloads) {
    Optional<ServiceAccountName> workload = workloads.get(0);
    PrincipalId principal = verified.get(0).caller().principal();
    for (int i = 1; i < verified.size(); i++) {
      boolean sameCaller = verified.get(i).caller().principal().equals(principal);
      if (!workloads.get(i).equals(workload) || (workload.isEmpty() && !sameCaller)) {
        return false;
      }
    }
    return true;
  }

  /** The first rejection, with the replies of all: one of them may have to end the connection. */
  private static Rejected together(List<Rejected> rejected) {
    Rejected first = rejected.get(0);
    List<HeaderField> replies = rejected.stream().flatMap(one -> one.reply().stream()).toList();
    return new Rejected(first.reason(), first.detail(), replies);
  }

  private static <T extends Verification> List<T> only(Class<T> kind, List<Verification> all) {
    var found = new ArrayList<T>(all.size());
    for (Verification one : all) {
      if (kind.isInstance(one)) {
        found.add(kind.cast(one));
      }
    }
    return List.copyOf(found);
  }

  private static List<Caller> callersOf(List<Verified> verified) {
    return Each.of(verified, Verified::caller);
  }

  private static List<String> names(List<Optional<ServiceAccountName>> workloads) {
    return workloads.stream()
        .map(workload -> workload.map(ServiceAccountName::toString).orElse("no workload"))
        .toList();
  }

  private static CompletionStage<Outcome> done(Outcome outcome) {
    return CompletableFuture.completedFuture(outcome);
  }
}
