// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import dev.serviceidentity.network.Flow.Protocol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The answers for all pods of one kind in one direction, by number of the peer. A line is filled
 * when its peer first comes; lines and answers that are the same are there once.
 */
final class Row {
  /** So many that the longest line there can be, with another answer at each port, fits a table. */
  private static final int CELLS_OF_ANSWER = 8;

  private final Rulebook rules;
  private final Direction direction;
  private final Endpoint.OfPod subject;
  private final List<CompiledPolicy> isolating;
  private final Shelf<Line> lines = new Shelf<>();
  private volatile Map<Trail, Answer> answers = Map.of();
  private volatile List<Line> different = List.of();

  /** A row for the kind of a pod, which stands for all of them. */
  Row(Rulebook rules, Direction direction, IndexedPod subject) {
    this.rules = rules;
    this.direction = direction;
    this.subject = new Endpoint.OfPod(subject, null);
    this.isolating = rules.isolating(subject, direction);
  }

  String namespace() {
    return subject.pod().facts().namespace();
  }

  Line line(Party peer, Table table) {
    Line line = lines.get(peer.peer());
    if (line == null) {
      line = fill(peer.end(), table);
      table.spend(lines.put(peer.peer(), line));
    }
    return line;
  }

  /** Answers are there once, so that the same is the same object. */
  @SuppressWarnings("ReferenceEquality")
  private Line fill(Endpoint peer, Table table) {
    var starts = new ArrayList<Integer>();
    var found = new ArrayList<Answer>();
    Map<Trail, Answer> known = answers;
    var more = new HashMap<Trail, Answer>();
    var ends = new Contact(direction, subject, peer, Protocol.TCP, 1);
    new LineSweep(ends, rules.tiers(), isolating)
        .forEach(
            (contact, trail) -> {
              Answer answer = known.get(trail);
              if (answer == null) {
                answer = more.computeIfAbsent(trail, t -> Answer.of(t, contact, rules));
              }
              if (found.isEmpty() || found.get(found.size() - 1) != answer) {
                starts.add(contact.place());
                found.add(answer);
              }
            });
    if (!more.isEmpty()) {
      table.spend(more.size() * CELLS_OF_ANSWER);
      more.putAll(known);
      answers = Map.copyOf(more);
    }
    return once(new Line(starts, found), table);
  }

  private Line once(Line line, Table table) {
    for (Line known : different) {
      if (known.isSame(line)) {
        return known;
      }
    }
    table.spend(line.size());
    var all = new ArrayList<>(different);
    all.add(line);
    different = List.copyOf(all);
    return line;
  }
}
