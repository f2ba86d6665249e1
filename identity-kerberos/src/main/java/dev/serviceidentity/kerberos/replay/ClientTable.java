// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.replay;

import java.util.concurrent.locks.ReentrantLock;

/**
 * How many authenticators some of the clients have in each slice of the window. All that is known
 * of one client lies side by side in memory, and nothing is done when a slice is forgotten: its
 * counts are not added up any more, and their places are taken by those of a later slice.
 *
 * <p>A client is a number that stands for its name, so that long names cost no more than short
 * ones; two clients of one number, which nobody can arrange, would share a quota. At most {@value
 * #MOST} places are made. What does not fit shares one account, until others are forgotten.
 *
 * <p>Not thread-safe: whoever uses it holds {@link #lock} from {@link #find} to {@link #count}.
 */
final class ClientTable {
  /** As many as there may be slices at a time, by the rest of the division of their number. */
  static final int CELLS = 8;

  static final int MOST = 1024;

  private static final int SMALLEST = 2;

  /** The client, and for each slice its number and the count. */
  private static final int WIDTH = 1 + CELLS;

  final ReentrantLock lock = new ReentrantLock();
  private long[] rows = tableOf(SMALLEST);
  private int used;
  private long tidied = Long.MIN_VALUE;

  /**
   * The account of a client, which need not have one yet.
   *
   * @param client not zero
   * @param oldest the first slice that is not forgotten
   */
  int find(long client, long oldest) {
    if (isFull() && tidied < oldest) {
      rebuild(oldest);
    }
    int row = rowOf(rows, client);
    return rows[row] == 0 && isFull() ? size() * WIDTH : row;
  }

  /** How many an account has in all slices that are not forgotten. */
  int held(int row, long oldest) {
    int held = 0;
    for (int i = row + 1; i < row + WIDTH; i++) {
      // Of the slice's number the lower half is kept; the difference is right beyond that, too.
      if ((int) (rows[i] >>> Integer.SIZE) - (int) oldest >= 0) {
        held += (int) rows[i];
      }
    }
    return held;
  }

  /** Adds one to an account, and makes it if it was not there. */
  void count(int row, long client, long slice, long oldest) {
    int cell = row + 1 + (int) Math.floorMod(slice, (long) CELLS);
    long fresh = slice << Integer.SIZE;
    rows[cell] = (rows[cell] ^ fresh) >>> Integer.SIZE == 0 ? rows[cell] + 1 : fresh + 1;
    if (rows[row] == 0 && row < size() * WIDTH) {
      rows[row] = client;
      used++;
      if (isCrowded(size())) {
        rebuild(oldest);
      }
    }
  }

  /** How many clients have an account of their own. */
  int clients() {
    return used;
  }

  private int size() {
    return rows.length / WIDTH - 1;
  }

  private boolean isFull() {
    return size() == MOST && isCrowded(MOST);
  }

  private boolean isCrowded(int size) {
    return used * 4 > size * 3;
  }

  /** Leaves out the clients of whom nothing is left, and gives the others twice the room. */
  private void rebuild(long oldest) {
    int living = 0;
    for (int row = 0; row < size() * WIDTH; row += WIDTH) {
      living += lives(row, oldest) ? 1 : 0;
    }
    int size = SMALLEST;
    while (size < MOST && size < 2 * living) {
      size *= 2;
    }
    long[] fresh = tableOf(size);
    for (int row = 0; row < size() * WIDTH; row += WIDTH) {
      if (lives(row, oldest)) {
        System.arraycopy(rows, row, fresh, rowOf(fresh, rows[row]), WIDTH);
      }
    }
    System.arraycopy(rows, size() * WIDTH, fresh, size * WIDTH, WIDTH);
    rows = fresh;
    used = living;
    tidied = oldest;
  }

  private boolean lives(int row, long oldest) {
    return rows[row] != 0 && held(row, oldest) > 0;
  }

  /** Where a client is, or may be put. */
  private static int rowOf(long[] table, long client) {
    int mask = table.length / WIDTH - 2;
    int slot = (int) client & mask;
    while (table[slot * WIDTH] != 0 && table[slot * WIDTH] != client) {
      slot = (slot + 1) & mask;
    }
    return slot * WIDTH;
  }

  /** One more row than clients: for those that share. */
  private static long[] tableOf(int size) {
    return new long[(size + 1) * WIDTH];
  }
}
