// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.guard;

import dev.serviceidentity.access.AccessDecision;
import dev.serviceidentity.access.AccessRule;
import dev.serviceidentity.access.Admitted;
import dev.serviceidentity.access.Layer;
import dev.serviceidentity.access.Refusal;
import dev.serviceidentity.access.Refused;
import dev.serviceidentity.audit.AccessEvent.Own;
import dev.serviceidentity.audit.AuditSink;
import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.CallerVerifier;
import dev.serviceidentity.caller.ConnectionRule;
import dev.serviceidentity.caller.HeaderField;
import dev.serviceidentity.caller.Reason.Kind;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.caller.Verification.Rejected;
import dev.serviceidentity.caller.Verification.Verified;
import dev.serviceidentity.guard.Authentication.Failure;
import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.network.Workload;
import dev.serviceidentity.spi.ForeignText;
import dev.serviceidentity.spi.RefusedHandshake;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The layered guard: takes each request through the layers and records what came of it. */
public final class Guard implements ConnectionRule, AutoCloseable {
  private static final int WAITING_PER_SOURCE = 32;
  private static final int WAITING_SOURCES = 1024;

  /**
   * What the guard runs on.
   *
   * @param clock the source of the time of day
   * @param scheduler ends waits
   * @param admissionTimeout the longest a request waits for answers from elsewhere
   * @param sink where events go
   * @param auditRequired whether to refuse what cannot be recorded
   */
  public record Surroundings(
      Clock clock,
      ScheduledExecutorService scheduler,
      Duration admissionTimeout,
      AuditSink sink,
      boolean auditRequired) {}

  private final Surroundings surroundings;
  private final Authentication authentication;
  private final Authorization authorization;
  private final Complaints complaints;
  private final WaitingRoom room;
  private final DecisionIds ids = new DecisionIds(new SecureRandom());
  private final Events events;
  private final AuditTrail trail;
  private volatile boolean closed;

  /**
   * Starts a guard.
   *
   * @param verifiers by mechanism, in the order in which they were configured
   * @param rules what the later layers go by
   * @param surroundings what the guard runs on
   * @param own says who decides, for the events
   */
  public Guard(
      Map<MechanismName, CallerVerifier> verifiers,
      Rules rules,
      Surroundings surroundings,
      Supplier<Own> own) {
    this.surroundings = surroundings;
    var network = rules.network();
    this.authentication =
        new Authentication(
            verifiers,
            network == null ? id -> ofOwnDomain(id, own.get()) : network::serviceAccountOf);
    this.authorization = new Authorization(rules);
    this.complaints = new Complaints(surroundings.clock());
    this.room = new WaitingRoom(surroundings.scheduler(), WAITING_PER_SOURCE, WAITING_SOURCES);
    this.events = new Events(own);
    this.trail = AuditTrail.start(surroundings.sink(), surroundings.clock());
  }

  /**
   * Takes one request through all layers, and records what came of it unless this is closed.
   *
   * @param evidence what the request brought
   * @param rule what such a request needs beside what all do
   * @return a stage that completes within the admission timeout, never exceptionally; complete
   *     already if nothing had to be waited for
   */
  public CompletionStage<AccessDecision> admit(CallerEvidence evidence, AccessRule rule) {
    var passage = new Passage(evidence, rule, surroundings.clock().instant(), System.nanoTime());
    if (closed) {
      return CompletableFuture.completedFuture(
          refused(passage, RefusalReason.CLOSED, "the identity has been closed"));
    }
    return CompletableFuture.completedFuture(passage)
        .thenCompose(begun -> authenticate(begun, patience(evidence)))
        .handle((decision, error) -> decision != null ? decision : failed(passage, error))
        .thenApply(decision -> recorded(passage, decision))
        .exceptionally(error -> unrecorded(passage, error));
  }

  /**
   * Takes a request through the first layer only, without recording it.
   *
   * @param evidence what the request brought
   * @return a stage that completes within the admission timeout, never exceptionally
   */
  public CompletionStage<Verification> verify(CallerEvidence evidence) {
    if (closed) {
      return CompletableFuture.completedFuture(
          Verification.rejected(RefusalReason.CLOSED, "the identity has been closed"));
    }
    return CompletableFuture.completedFuture(evidence)
        .thenApply(authentication::claimedBy)
        .thenCompose(claims -> authentication.authenticate(evidence, claims, patience(evidence)))
        .handle((outcome, error) -> outcome != null ? verified(outcome) : failed(error));
  }

  /**
   * Records a caller that a mechanism refused before there was a request.
   *
   * @param refused what happened
   */
  public void record(RefusedHandshake refused) {
    trail.refused(events.of(refused, ids.next(), surroundings.clock().instant()));
  }

  /**
   * {@inheritDoc}
   *
   * @return true also if a rule fails: requests are refused then, and connections let be
   */
  @Override
  public boolean isWelcome(Caller caller) {
    try {
      return authorization.isWelcome(caller, authentication.serviceAccountOf(caller));
    } catch (RuntimeException failed) {
      // A rule may be foreign code; the connections of others must be judged as well.
      complaints.aboutConnections(failed);
      return true;
    }
  }

  @Override
  public boolean wasWelcome(Caller caller) {
    return authorization.wasWelcome(caller, authentication.serviceAccountOf(caller));
  }

  /**
   * How the recording of events does.
   *
   * @return one part
   */
  public Health.Part auditHealth() {
    return trail.health();
  }

  /** Refuses from now on, writes the queued events and closes the sink. */
  @Override
  public void close() {
    closed = true;
    room.close();
    trail.close();
  }

  /** Without a network view there is no binding that says which trust domains count: our own. */
  private static Optional<ServiceAccountName> ofOwnDomain(PrincipalId principal, Own own) {
    return own.principals().stream().anyMatch(mine -> mine.domain().equals(principal.domain()))
        ? ServiceAccountName.ofSpiffePath(principal)
        : Optional.empty();
  }

  private Patience patience(CallerEvidence evidence) {
    return new Patience(
        room,
        complaints,
        evidence.source().getAddress(),
        System.nanoTime() + surroundings.admissionTimeout().toNanos());
  }

  private CompletionStage<AccessDecision> authenticate(Passage passage, Patience patience) {
    passage.mechanisms = authentication.claimedBy(passage.evidence);
    passage.ignored = authentication.ignoredIn(passage.evidence);
    return authentication
        .authenticate(passage.evidence, passage.mechanisms, patience)
        .thenCompose(
            outcome -> {
              passage.callers = outcome.callers();
              return outcome instanceof Proof proof
                  ? authorize(passage, proof, patience)
                  : CompletableFuture.completedFuture(rejected(((Failure) outcome).rejected()));
            });
  }

  private CompletionStage<AccessDecision> authorize(
      Passage passage, Proof proof, Patience patience) {
    passage.proof = proof;
    for (MechanismName required : passage.rule.required()) {
      if (!passage.mechanisms.contains(required)) {
        return CompletableFuture.completedFuture(rejected(unproven(passage, required, proof)));
      }
    }
    return authorization
        .judge(passage, proof, patience)
        .thenApply(
            refusal ->
                refusal
                    .<AccessDecision>map(why -> Refused.of(ids.next(), why, proof.reply()))
                    .orElseGet(() -> admitted(passage, proof)));
  }

  private Admitted admitted(Passage passage, Proof proof) {
    boolean sure = passage.bound && passage.candidates.size() == 1;
    Workload only = sure ? passage.candidates.get(0) : null;
    Admitted admitted =
        Admitted.of(ids.next(), proof.callers(), only, passage.tolerated, proof.reply());
    ServiceAccountName account = proof.serviceAccount();
    return account == null ? admitted : admitted.serviceAccount(account);
  }

  private static Rejected unproven(Passage passage, MechanismName missing, Proof proof) {
    return new Rejected(
        RefusalReason.MECHANISM_REQUIRED,
        ForeignText.quote(passage.evidence.path())
            + " needs "
            + missing
            + ", and "
            + proof.callers()
            + " came by "
            + passage.mechanisms,
        proof.reply());
  }

  private Refused rejected(Rejected rejected) {
    List<HeaderField> reply = new ArrayList<>(rejected.reply());
    if (rejected.reason().kind() == Kind.UNAUTHENTICATED) {
      reply.addAll(authentication.challenges());
    }
    return Refused.of(
        ids.next(), new Refusal(Layer.IDENTITY, rejected.reason(), rejected.detail()), reply);
  }

  private Refused refused(Passage passage, RefusalReason reason, String detail) {
    // Who has proven who he is gets the proof of this service's identity with every answer.
    List<HeaderField> reply = passage.proof == null ? List.of() : passage.proof.reply();
    return Refused.of(ids.next(), new Refusal(passage.layer, reason, detail), reply);
  }

  private static Verification verified(Authentication.Outcome outcome) {
    return outcome instanceof Proof proof
        ? new Verified(proof.primary(), proof.reply())
        : ((Failure) outcome).rejected();
  }

  private Verification failed(@Nullable Throwable error) {
    complaints.about("Verification", error);
    return Verification.rejected(RefusalReason.INTERNAL_ERROR, "the log has the details");
  }

  private AccessDecision failed(Passage passage, @Nullable Throwable error) {
    complaints.about("Layer " + passage.layer, error);
    return refused(passage, RefusalReason.INTERNAL_ERROR, "the log has the details");
  }

  /** Records a decision; if it cannot be recorded and must be, it becomes a refusal. */
  private AccessDecision recorded(Passage passage, AccessDecision decision) {
    if (decision instanceof Refused && passage.layer.compareTo(Layer.CALLER) <= 0) {
      trail.refused(events.of(passage, decision));
      return decision;
    }
    boolean required = surroundings.auditRequired() && decision instanceof Admitted;
    AccessDecision last = required && !trail.keeps() ? unrecordable(passage) : decision;
    boolean taken = trail.decided(events.of(passage, last));
    return taken || !required || last instanceof Refused ? last : unrecordable(passage);
  }

  private Refused unrecordable(Passage passage) {
    return refused(
        passage, RefusalReason.AUDIT_UNAVAILABLE, "the decision to admit cannot be recorded");
  }

  private AccessDecision unrecorded(Passage passage, Throwable error) {
    complaints.about("Recording", error);
    trail.lost();
    return refused(passage, RefusalReason.INTERNAL_ERROR, "the log has the details");
  }
}
