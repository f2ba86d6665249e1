// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.live;

import dev.serviceidentity.k8s.cluster.LiveKind;
import dev.serviceidentity.k8s.cluster.LiveObject;
import dev.serviceidentity.k8s.cluster.LiveObject.Doubts;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is known of one resource. Used by the updater's thread alone. */
final class Holding<F> {
  private final Topic<F> topic;
  private final Deltas deltas;

  /** What others hold under the same path. */
  private final Function<String, Optional<F>> elsewhere;

  private final Map<String, LiveObject<F>> objects = new HashMap<>();
  private Standing standing = Standing.UNASKED;
  private long revision;
  private Instant provenAt = Instant.MIN;
  private String position = "";
  private String trouble = "";
  private String warning = "";

  /** What the API server said when it was first or last asked. */
  enum Standing {
    UNASKED,
    SHOWN,
    /** The kind is not installed. */
    ABSENT,
    /** It may not be seen. */
    DENIED
  }

  Holding(Topic<F> topic, Deltas deltas) {
    this(topic, deltas, path -> Optional.empty());
  }

  Holding(Topic<F> topic, Deltas deltas, Function<String, Optional<F>> elsewhere) {
    this.topic = topic;
    this.deltas = deltas;
    this.elsewhere = elsewhere;
  }

  Topic<F> topic() {
    return topic;
  }

  /** All objects, as they were at some time after the request. */
  void replaced(Map<String, LiveObject<F>> all, String at, Instant requested) {
    stand(Standing.SHOWN, "");
    var gone = new HashSet<>(objects.keySet());
    gone.removeAll(all.keySet());
    gone.forEach(this::remove);
    all.values().forEach(this::put);
    proven(at, requested);
  }

  void changed(LiveObject<F> object, String at, Instant now) {
    put(object);
    proven(at, now);
  }

  void removed(String path, String at, Instant now) {
    remove(path);
    proven(at, now);
  }

  /** Everything up to a position has been seen. */
  void proven(String at, Instant now) {
    position = at;
    provenAt = now;
    trouble = "";
  }

  void absent(Instant now) {
    stand(Standing.ABSENT, "");
    clear();
    provenAt = now;
  }

  void denied(String why, Instant now) {
    stand(Standing.DENIED, why);
    clear();
    provenAt = now;
  }

  /** Something is wrong, and what is known stays as it is for now. */
  void troubled(String what) {
    trouble = what;
  }

  /** Something will be wrong later; empty if not. */
  void warned(String what) {
    warning = what;
  }

  private void stand(Standing now, String why) {
    trouble = why;
    if (standing != now) {
      standing = now;
      revision++;
      deltas.anew();
    }
  }

  private void clear() {
    position = "";
    objects.clear();
  }

  private void put(LiveObject<F> object) {
    differ(objects.put(object.path(), object), object);
  }

  private void remove(String path) {
    differ(objects.remove(path), null);
  }

  private void differ(@Nullable LiveObject<F> before, @Nullable LiveObject<F> now) {
    Doubts old = before == null ? Doubts.NONE : before.doubts();
    Doubts current = now == null ? Doubts.NONE : now.doubts();
    if (!old.equals(current)) {
      deltas.beside();
      if (old.reachFurther() || current.reachFurther()) {
        deltas.anew();
      }
    }
    F earlier = before == null ? null : before.facts();
    F later = now == null ? null : now.facts();
    if (later == null && before != null) {
      later = elsewhere.apply(before.path()).orElse(null);
    }
    if (!Objects.equals(earlier, later)) {
      revision++;
      step(earlier, later);
    }
  }

  private void step(@Nullable F earlier, @Nullable F later) {
    Topic.Part<F> part = topic.part();
    if (topic.resource().kind() == LiveKind.SERVICE_ACCOUNT) {
      deltas.beside();
    } else if (part == null) {
      deltas.anew();
    } else if (later != null) {
      deltas.step(engine -> part.with(engine, later));
    } else if (earlier != null) {
      deltas.step(engine -> part.without(engine, earlier));
    }
  }

  boolean isAsked() {
    return standing != Standing.UNASKED;
  }

  Standing standing() {
    return standing;
  }

  /** Another one once the facts are others. */
  long revision() {
    return revision;
  }

  Instant provenAt() {
    return provenAt;
  }

  Optional<F> facts(String path) {
    LiveObject<F> object = objects.get(path);
    return object == null ? Optional.empty() : Optional.ofNullable(object.facts());
  }

  List<F> facts() {
    return objects.values().stream().flatMap(object -> Stream.ofNullable(object.facts())).toList();
  }

  Collection<LiveObject<F>> objects() {
    return objects.values();
  }

  /** What must not be decided because of single objects, or because none may be seen. */
  Stream<Doubts> doubts() {
    Stream<Doubts> ofObjects = objects.values().stream().map(LiveObject::doubts);
    return standing == Standing.DENIED
        ? Stream.concat(ofObjects, Stream.of(topic.unseen().apply("what is not seen: " + trouble)))
        : ofObjects;
  }

  /** What is wrong, for people. */
  Optional<String> trouble() {
    String worse = trouble.isEmpty() ? warning : trouble;
    return worse.isEmpty() ? Optional.empty() : Optional.of(worse);
  }

  /** Returns which state of the resource this is. */
  @Override
  public String toString() {
    String state =
        switch (standing) {
          case UNASKED -> "?";
          case SHOWN -> position;
          case ABSENT -> "none";
          case DENIED -> "denied";
        };
    return topic.resource() + "@" + state;
  }
}
