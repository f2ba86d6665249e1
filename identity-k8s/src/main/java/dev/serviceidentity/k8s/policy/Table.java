// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.policy;

import java.util.concurrent.atomic.AtomicLong;

/**
 * All answers that were needed so far. What it holds is bounded: once it has grown too large it is
 * forgotten and fills again.
 */
final class Table {
  private static final int DIRECTIONS = Direction.values().length;
  private static final long MOST_CELLS = 2_000_000;

  private final Rulebook rules;
  private final AtomicLong cells = new AtomicLong();
  private volatile Shelf<Row> rows;

  Table(Rulebook rules) {
    this(rules, new Shelf<>());
  }

  private Table(Rulebook rules, Shelf<Row> rows) {
    this.rules = rules;
    this.rows = rows;
  }

  /** The table for other rules, which differ in the policies of one namespace alone. */
  Table carriedTo(Rulebook others, String namespace) {
    return new Table(others, rows.filtered(row -> !row.namespace().equals(namespace)));
  }

  Line line(Direction direction, IndexedPod subject, Party peer) {
    int number = subject.kind() * DIRECTIONS + direction.ordinal();
    Row row = rows.get(number);
    if (row == null) {
      row = new Row(rules, direction, subject);
      spend(rows.put(number, row));
    }
    return row.line(peer, this);
  }

  void spend(int more) {
    if (more > 0 && cells.addAndGet(more) > MOST_CELLS) {
      cells.set(0);
      rows = new Shelf<>();
    }
  }
}
