// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.live;

import dev.serviceidentity.k8s.client.ApiFault;
import dev.serviceidentity.k8s.client.ApiServer;
import dev.serviceidentity.k8s.client.Json;
import dev.serviceidentity.k8s.cluster.LiveObject;
import dev.serviceidentity.k8s.cluster.LiveObjects;
import dev.serviceidentity.spi.Backoff;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Lists a resource and watches it from there, for ever: whatever the API server answers, it is
 * asked again.
 *
 * <p>The server is asked to end each watch after ten seconds, and says shortly before how far it
 * has told everything. That proves the watch, which no request beside it could; a connection that
 * is silently lost, or a server that is frozen, proves nothing.
 */
final class Watched<F> implements Runnable {
  private static final System.Logger LOG = System.getLogger(Watched.class.getName());
  private static final Duration ROUND = Duration.ofSeconds(10);
  private static final Duration UNPUNCTUAL = Duration.ofSeconds(1);
  private static final Duration RIGHTS_EVERY = Duration.ofSeconds(60);
  private static final Duration FIRST_RETRY = Duration.ofMillis(100);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(5);
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(10);

  private final Context context;
  private final Holding<F> holding;
  private final Topic<F> topic;
  private final Resource resource;
  private final Rights rights;
  private final Backoff retry;
  private final Backoff lookAgain;

  /** Where the next watch begins; empty if all must be listed first. */
  private String position = "";

  private Instant rightsAt = Instant.MIN;
  private int failures;

  /** What all that is watched shares. */
  record Context(
      ApiServer api, Updater updater, Clock clock, RandomGenerator random, CountDownLatch closed) {}

  Watched(Context context, Holding<F> holding) {
    this.context = context;
    this.holding = holding;
    this.topic = holding.topic();
    this.resource = topic.resource();
    this.rights = new Rights(context.api);
    this.retry = new Backoff(FIRST_RETRY, LONGEST_RETRY, context.random);
    this.lookAgain = new Backoff(LOOK_AGAIN, LOOK_AGAIN, context.random);
  }

  @Override
  public void run() {
    try {
      Duration pause = Duration.ZERO;
      while (!context.closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        pause = turn();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Duration turn() throws InterruptedException {
    try {
      checkRights();
      if (position.isEmpty()) {
        list();
      }
      boolean heard = watch();
      failures = heard ? 0 : failures + 1;
      return heard ? Duration.ZERO : retry.after(failures);
    } catch (ApiFault fault) {
      failures++;
      return after(fault);
    } catch (RuntimeException | Error e) {
      // The outermost loop of this thread: what is wrong must not end it, nor must too little
      // memory, of which there may be more the next time.
      LOG.log(Level.ERROR, "A watch has failed, and begins anew", e);
      failures++;
      position = "";
      return after(ApiFault.of("the watch has failed", e));
    }
  }

  /** Whoever may not list can still watch, until the history that the server keeps is too short. */
  private void checkRights() throws ApiFault, InterruptedException {
    Instant now = context.clock.instant();
    if (now.isBefore(rightsAt.plus(RIGHTS_EVERY))) {
      return;
    }
    List<String> missing = rights.missing(resource);
    rightsAt = now;
    String why = missing.isEmpty() ? "" : resource.missing(missing);
    if (!missing.isEmpty() && (position.isEmpty() || missing.contains("watch"))) {
      throw new ApiFault(ApiFault.FORBIDDEN, why);
    }
    context.updater.put(() -> holding.warned(why));
  }

  private void list() throws ApiFault, InterruptedException {
    Instant requested = context.clock.instant();
    var all = new HashMap<String, LiveObject<F>>();
    String at =
        resource.list(
            context.api,
            json -> {
              LiveObject<F> object = topic.map(json);
              all.put(object.path(), object);
            });
    context.updater.put(() -> holding.replaced(all, at, requested));
    position = at;
  }

  /** Returns whether anything was heard, be it that nothing has happened until the time was up. */
  private boolean watch() throws ApiFault, InterruptedException {
    String before = position;
    Instant opened = context.clock.instant();
    context.api.stream(resource.watch(before, ROUND), ROUND, this::accept);
    Instant ended = context.clock.instant();
    boolean lasted = !ended.isBefore(opened.plus(ROUND).minus(UNPUNCTUAL));
    if (lasted) {
      String at = position;
      context.updater.put(() -> holding.proven(at, ended));
    }
    return lasted || !before.equals(position);
  }

  private boolean accept(byte[] line) throws ApiFault, InterruptedException {
    Map<String, Object> event = Json.object(line);
    Map<String, Object> object = Json.part(event, "object");
    String type = Json.text(event, "type");
    if (type.equals("ERROR")) {
      int code = object.get("code") instanceof Number number ? number.intValue() : 0;
      throw new ApiFault(code, Json.text(object, "message"));
    }
    String at = Json.text(Json.part(object, "metadata"), "resourceVersion");
    if (isBefore(at, position)) {
      throw new ApiFault(ApiFault.GONE, "its history has gone back from " + position + " to " + at);
    }
    Instant now = context.clock.instant();
    switch (type) {
      case "ADDED", "MODIFIED" -> {
        LiveObject<F> mapped = topic.map(object);
        context.updater.put(() -> holding.changed(mapped, at, now));
      }
      case "DELETED" -> {
        String path = LiveObjects.pathOf(object);
        context.updater.put(() -> holding.removed(path, at, now));
      }
      case "BOOKMARK" -> context.updater.put(() -> holding.proven(at, now));
      default -> throw new ApiFault(0, "the API server sends an event that is not known");
    }
    position = at;
    return true;
  }

  /**
   * Versions are numbers that only grow, unless the API server's memory is restored from a copy.
   */
  private static boolean isBefore(String at, String position) {
    return at.length() < position.length()
        || (at.length() == position.length() && at.compareTo(position) < 0);
  }

  private Duration after(ApiFault fault) throws InterruptedException {
    Instant now = context.clock.instant();
    if (fault.isForbidden()) {
      return refused(fault, now);
    }
    if (fault.isNotFound() && resource.kind().isInstalled()) {
      return absent(now);
    }
    if (fault.isOfRequest()) {
      position = "";
    }
    String what = fault.getMessage();
    context.updater.put(() -> holding.troubled(what));
    return fault.isGone() && failures == 1 ? Duration.ZERO : retry.after(failures);
  }

  private Duration absent(Instant now) throws InterruptedException {
    position = "";
    failures = 0;
    context.updater.put(() -> holding.absent(now));
    return lookAgain.after(1);
  }

  /** A kind that is not there needs no right. */
  private Duration refused(ApiFault fault, Instant now) throws InterruptedException {
    try {
      if (resource.kind().isInstalled() && !rights.isServed(resource.kind())) {
        return absent(now);
      }
    } catch (ApiFault unknown) {
      // It is taken to be there, which is the safe side.
    }
    position = "";
    rightsAt = Instant.MIN;
    String why = fault.getMessage();
    context.updater.put(() -> holding.denied(why, now));
    return lookAgain.after(1);
  }
}
