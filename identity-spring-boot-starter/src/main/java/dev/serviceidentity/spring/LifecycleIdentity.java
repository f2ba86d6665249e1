// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring;

import dev.serviceidentity.SelfCheck;
import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.access.AccessDecision;
import dev.serviceidentity.access.AccessRule;
import dev.serviceidentity.access.AccessTerms;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.Verification;
import dev.serviceidentity.identity.Health;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityListener;
import dev.serviceidentity.identity.IdentitySnapshot;
import dev.serviceidentity.identity.Subscription;
import dev.serviceidentity.mechanism.RequestCredentials;
import dev.serviceidentity.mechanism.Target;
import dev.serviceidentity.mechanism.TlsMaterial;
import dev.serviceidentity.network.Flow;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * The identity of an application that can be injected before it is open. It opens when the
 * application context starts, before any web server does, and closes after every web server has
 * stopped. A context that is stopped and started again opens a new one behind the same bean.
 */
final class LifecycleIdentity implements ServiceIdentity, SmartLifecycle {
  /** Web servers begin at DEFAULT_PHASE - 2048 and end there. */
  private static final int BEFORE_WEB_SERVERS = SmartLifecycle.DEFAULT_PHASE - 4096;

  private final Supplier<ServiceIdentity> opening;
  private final Instant made;
  private final LastingListeners listeners = new LastingListeners();
  private final TlsMaterial tls = new LifecycleTls(this::hasTls, () -> opened().tls());

  /** The one that is open, or the last one that was, which refuses everybody. */
  private volatile @Nullable ServiceIdentity latest;

  private volatile boolean tlsOpen;

  private volatile boolean running;

  LifecycleIdentity(Supplier<ServiceIdentity> opening, Clock clock) {
    this.opening = opening;
    this.made = clock.instant();
  }

  @Override
  public void start() {
    if (!running) {
      ServiceIdentity opened = opening.get();
      tlsOpen = speaksTls(opened);
      latest = opened;
      running = true;
      listeners.follow(opened);
    }
  }

  @Override
  public void stop() {
    close();
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return BEFORE_WEB_SERVERS;
  }

  @Override
  public RequestCredentials credentialsFor(Target target) {
    return opened().credentialsFor(target);
  }

  /** Returns an object that may be had, but not used, before the identity is open. */
  @Override
  public TlsMaterial tls() {
    ServiceIdentity now = latest;
    if (now != null) {
      // Throws where there is none.
      now.tls();
    }
    return tls;
  }

  @Override
  public Verification verify(CallerEvidence evidence) {
    return opened().verify(evidence);
  }

  @Override
  public AccessDecision admit(CallerEvidence evidence, AccessRule rule) {
    return opened().admit(evidence, rule);
  }

  @Override
  public CompletionStage<AccessDecision> admitAsync(CallerEvidence evidence, AccessRule rule) {
    return opened().admitAsync(evidence, rule);
  }

  @Override
  public AccessTerms terms() {
    return opened().terms();
  }

  @Override
  public SelfCheck selfCheck(Flow... paths) {
    return opened().selfCheck(paths);
  }

  @Override
  public List<IdentitySnapshot> identities() {
    return opened().identities();
  }

  @Override
  public Health health() {
    ServiceIdentity now = latest;
    return now != null
        ? now.health()
        : new Health(
            List.of(
                new Health.Part(
                    "identity",
                    Health.Status.DOWN,
                    "it opens when the application context starts",
                    made)));
  }

  /** Hears of every identity that this one opens. */
  @Override
  public Subscription subscribe(IdentityListener listener) {
    return listeners.subscribe(listener);
  }

  @Override
  public void close() {
    ServiceIdentity now = latest;
    running = false;
    if (now != null) {
      now.close();
    }
  }

  private boolean hasTls() {
    return tlsOpen;
  }

  private static boolean speaksTls(ServiceIdentity opened) {
    try {
      opened.tls();
      return true;
    } catch (IllegalStateException none) {
      return false;
    }
  }

  private ServiceIdentity opened() {
    ServiceIdentity now = latest;
    if (now == null) {
      throw new IdentityException(
          IdentityException.Code.NOT_READY,
          "The identity opens when the application context starts; use it from then on, for example"
              + " in a SmartLifecycle bean or an ApplicationRunner, and not where beans are made");
    }
    return now;
  }
}
