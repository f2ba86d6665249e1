// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.guard;

import dev.serviceidentity.access.AccessDecision;
import dev.serviceidentity.access.Admitted;
import dev.serviceidentity.access.Layer;
import dev.serviceidentity.access.Refusal;
import dev.serviceidentity.access.Refused;
import dev.serviceidentity.audit.AccessEvent;
import dev.serviceidentity.audit.AccessEvent.Own;
import dev.serviceidentity.audit.AuditSink;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.CallerVerifier;
import dev.serviceidentity.caller.HeaderField;
import dev.serviceidentity.caller.Reason.Kind;
import dev.serviceidentity.caller.RefusalReason;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.caller.Verification.Rejected;
import dev.serviceidentity.caller.Verification.Verified;
import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.network.Workload;
import dev.serviceidentity.spi.RefusedHandshake;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The layered guard: takes each request through the layers and records what came of it. */
public final class Guard implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Guard.class.getName());
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
            network == null ? ServiceAccountName::ofSpiffePath : network::serviceAccountOf);
    this.authorization = new Authorization(rules);
    this.room = new WaitingRoom(surroundings.scheduler(), WAITING_PER_SOURCE, WAITING_SOURCES);
    this.events = new Events(own);
    this.trail = AuditTrail.start(surroundings.sink(), surroundings.clock(), events::repeated);
  }

  /**
   * Takes one request through all layers.
   *
   * @param evidence what the request brought
   * @return a stage that completes within the admission timeout, never exceptionally; complete
   *     already if nothing had to be waited for
   */
  public CompletionStage<AccessDecision> admit(CallerEvidence evidence) {
    var passage = new Passage(evidence, surroundings.clock().instant(), System.nanoTime());
    if (closed) {
      return CompletableFuture.completedFuture(
          refused(passage, RefusalReason.CLOSED, "the identity has been closed"));
    }
    return CompletableFuture.completedFuture(passage)
        .thenCompose(begun -> authenticate(begun, patience(evidence)))
        .handle((decision, error) -> decision != null ? decision : failed(passage, error))
        .thenApply(decision -> recorded(passage, decision));
  }

  /**
   * Takes a request through the first layer only, without recording it.
   *
   * @param evidence what the request brought
   * @return a stage that completes within the admission timeout, never exceptionally
   */
  public CompletionStage<Verification> verify(CallerEvidence evidence) {
    return CompletableFuture.completedFuture(evidence)
        .thenCompose(given -> authentication.authenticate(given, patience(given)))
        .handle(
            (outcome, error) -> {
              if (outcome == null) {
                LOG.log(Level.WARNING, "Verification failed; the caller is rejected", error);
                return Verification.rejected(
                    RefusalReason.INTERNAL_ERROR, "the log has the details");
              }
              return outcome
                  .proof()
                  .<Verification>map(proof -> new Verified(proof.primary(), proof.reply()))
                  .orElseGet(() -> outcome.rejected().orElseThrow());
            });
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
    if (!closed) {
      closed = true;
      trail.close();
    }
  }

  private Patience patience(CallerEvidence evidence) {
    return new Patience(
        room,
        evidence.source().getAddress(),
        System.nanoTime() + surroundings.admissionTimeout().toNanos());
  }

  private CompletionStage<AccessDecision> authenticate(Passage passage, Patience patience) {
    passage.mechanisms = authentication.claimedBy(passage.evidence);
    return authentication
        .authenticate(passage.evidence, patience)
        .thenCompose(
            outcome -> {
              if (outcome.rejected().isPresent()) {
                return CompletableFuture.completedFuture(rejected(outcome.rejected().get()));
              }
              Proof proof = outcome.proof().orElseThrow();
              passage.proof = proof;
              return authorization
                  .judge(passage, proof, patience)
                  .thenApply(
                      refusal ->
                          refusal
                              .<AccessDecision>map(
                                  why -> Refused.of(ids.next(), why, proof.reply()))
                              .orElseGet(() -> admitted(passage, proof)));
            });
  }

  private Admitted admitted(Passage passage, Proof proof) {
    Workload only = passage.candidates.size() == 1 ? passage.candidates.get(0) : null;
    return Admitted.of(ids.next(), proof.callers(), only, passage.tolerated, proof.reply());
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
    return Refused.of(ids.next(), new Refusal(passage.layer, reason, detail), List.of());
  }

  private AccessDecision failed(Passage passage, @Nullable Throwable error) {
    LOG.log(Level.WARNING, "Layer " + passage.layer + " failed; the request is refused", error);
    return refused(passage, RefusalReason.INTERNAL_ERROR, "the log has the details");
  }

  private AccessDecision recorded(Passage passage, AccessDecision decision) {
    AccessEvent event = events.of(passage, decision);
    if (passage.proof == null) {
      trail.refused(event);
      return decision;
    }
    boolean kept = trail.decided(event);
    return kept || !surroundings.auditRequired() || decision instanceof Refused
        ? decision
        : refused(passage, RefusalReason.AUDIT_UNAVAILABLE, "the decision cannot be recorded");
  }
}
