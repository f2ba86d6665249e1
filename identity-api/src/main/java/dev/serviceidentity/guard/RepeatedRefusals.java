// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.guard;

import dev.serviceidentity.audit.AccessEvent;
import dev.serviceidentity.audit.AccessEvent.Heading;
import dev.serviceidentity.identity.PrincipalId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts equal refusals of callers who may not call: of those of one caller from one source, for
 * one reason, in one second, the first is an event of its own and the rest are one more event with
 * a count.
 */
final class RepeatedRefusals {
  private record Key(
      @Nullable String source,
      List<PrincipalId> principals,
      @Nullable String reason,
      long second) {}

  private record Count(AccessEvent first, long repeats) {}

  private final ConcurrentMap<Key, Count> counts = new ConcurrentHashMap<>();
  private final int capacity;

  RepeatedRefusals(int capacity) {
    this.capacity = capacity;
  }

  /** How a refusal is to be treated. */
  enum Seen {
    /** Nothing like it in this second: report it. */
    FIRST,
    /** Counted with the first one. */
    REPEATED,
    /** There is no room to count it. */
    DROPPED
  }

  Seen note(AccessEvent refusal) {
    Key key =
        new Key(
            refusal.source().socket(),
            refusal.proof().principals(),
            refusal.outcome().reason(),
            refusal.heading().time().getEpochSecond());
    if (counts.size() >= capacity && !counts.containsKey(key)) {
      return Seen.DROPPED;
    }
    Count now =
        counts.merge(
            key, new Count(refusal, 0), (old, one) -> new Count(old.first(), old.repeats() + 1));
    return now.repeats() == 0 ? Seen.FIRST : Seen.REPEATED;
  }

  /** Takes out the counts of all seconds before an instant, as events. */
  List<AccessEvent> takeBefore(Instant end) {
    List<AccessEvent> repeated = new ArrayList<>();
    for (Map.Entry<Key, Count> entry : counts.entrySet()) {
      if (entry.getKey().second() >= end.getEpochSecond()) {
        continue;
      }
      Count count = counts.remove(entry.getKey());
      if (count != null && count.repeats() > 0) {
        repeated.add(event(count));
      }
    }
    return repeated;
  }

  /** The first refusal, once more for all that came after it. */
  private static AccessEvent event(Count count) {
    Heading first = count.first().heading();
    return Events.under(
        new Heading(first.id(), 0, first.time(), first.duration(), count.repeats()), count.first());
  }
}
