// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import dev.serviceidentity.network.Flow.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The answers for all pods of one kind in one direction, by number of the peer. A line is filled
 * when its peer first comes; lines and answers that are the same are there once.
 */
final class Row {
  private final Rulebook rules;
  private final Direction direction;
  private final Endpoint.OfPod subject;
  private final List<CompiledPolicy> isolating;
  private final Shelf<Line> lines = new Shelf<>();
  private volatile List<Answer> answers = List.of();
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
      line = once(fill(peer.end()));
      table.spend(lines.put(peer.peer(), line));
    }
    return line;
  }

  /** Answers are there once, so that the same is the same object. */
  @SuppressWarnings("ReferenceEquality")
  private Line fill(Endpoint peer) {
    var starts = new ArrayList<Integer>();
    var found = new ArrayList<Answer>();
    for (int place : places(peer)) {
      Contact contact = contact(peer, place);
      Answer answer = once(Trail.of(contact, rules.tiers(), isolating), contact);
      if (found.isEmpty() || found.get(found.size() - 1) != answer) {
        starts.add(place);
        found.add(answer);
      }
    }
    return new Line(starts, found);
  }

  private Contact contact(Endpoint peer, int place) {
    return new Contact(direction, subject, peer, Line.protocolAt(place), Line.portAt(place));
  }

  /** Where an answer may change: at the borders of the ports of rules that may match the peer. */
  private SortedSet<Integer> places(Endpoint peer) {
    var places = new TreeSet<Integer>();
    for (Protocol protocol : Protocol.values()) {
      int first = Line.place(protocol, 1);
      Contact contact = contact(peer, first);
      places.add(first);
      rules
          .rulesFor(contact, isolating)
          .forEach(rule -> rule.ports().forEach(port -> port.addBorders(contact, places)));
    }
    return places;
  }

  private Answer once(Trail trail, Contact contact) {
    for (Answer answer : answers) {
      if (answer.trail().equals(trail)) {
        return answer;
      }
    }
    Answer answer = Answer.of(trail, contact, rules);
    answers = with(answers, answer);
    return answer;
  }

  private Line once(Line line) {
    for (Line known : different) {
      if (known.isSame(line)) {
        return known;
      }
    }
    different = with(different, line);
    return line;
  }

  private static <T> List<T> with(List<T> list, T more) {
    var all = new ArrayList<>(list);
    all.add(more);
    return List.copyOf(all);
  }
}
