// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * All answers that were needed so far. What it holds is bounded: once it has grown too large it is
 * forgotten and fills again.
 */
final class Table {
  private static final long MOST_CELLS = 2_000_000;

  private final Rulebook rules;
  private final long mostCells;
  private final AtomicLong cells;
  private volatile Rows rows;

  /** By number of the subject's kind. */
  private record Rows(Shelf<Row> ingress, Shelf<Row> egress) {
    Shelf<Row> in(Direction direction) {
      return direction == Direction.INGRESS ? ingress : egress;
    }
  }

  Table(Rulebook rules) {
    this(rules, MOST_CELLS);
  }

  Table(Rulebook rules, long mostCells) {
    this(rules, mostCells, new Rows(new Shelf<>(), new Shelf<>()), 0);
  }

  private Table(Rulebook rules, long mostCells, Rows rows, long cells) {
    this.rules = rules;
    this.mostCells = mostCells;
    this.rows = rows;
    this.cells = new AtomicLong(cells);
  }

  /** The table for other rules, which differ in the policies of one namespace alone. */
  Table carriedTo(Rulebook others, String namespace) {
    Predicate<Row> same = row -> !row.namespace().equals(namespace);
    var kept = new Rows(rows.ingress.filtered(same), rows.egress.filtered(same));
    return new Table(others, mostCells, kept, cells.get());
  }

  Line line(Direction direction, IndexedPod subject, Party peer) {
    Shelf<Row> shelf = rows.in(direction);
    Row row = shelf.get(subject.kind());
    if (row == null) {
      row = new Row(rules, direction, subject);
      spend(shelf.put(subject.kind(), row));
    }
    return row.line(peer, this);
  }

  void spend(int more) {
    if (more > 0 && cells.addAndGet(more) > mostCells) {
      cells.set(0);
      rows = new Rows(new Shelf<>(), new Shelf<>());
    }
  }
}
