// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.k8s.policy.Quote;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Guesses which known word somebody meant to write. */
public final class Spelling {
  private static final int LONGEST = 64;
  private static final int MOST_SLIPS = 3;
  private static final int LETTERS_PER_SLIP = 4;

  private Spelling() {}

  /**
   * The known word that is nearest, letter case aside.
   *
   * @param written what was written
   * @param known what could have been meant
   * @return empty if none is within three slips, fewer for short words
   */
  public static Optional<String> nearest(String written, Collection<String> known) {
    if (written.length() > LONGEST) {
      return Optional.empty();
    }
    int bound = Math.max(1, Math.min(MOST_SLIPS, written.length() / LETTERS_PER_SLIP));
    return known.stream()
        .filter(word -> Math.abs(word.length() - written.length()) <= bound)
        .filter(word -> slips(written, word) <= bound)
        .min(
            Comparator.<String>comparingInt(word -> slips(written, word))
                .thenComparing(Comparator.naturalOrder()));
  }

  /**
   * The part of a message that offers a guess.
   *
   * @param meant the guess
   * @return empty if there is none
   */
  public static String hint(Optional<String> meant) {
    return meant.map(word -> "; did you mean " + Quote.of(word) + "?").orElse("");
  }

  /** Letters that are wrong, missing, too many, or swapped with their neighbour. */
  private static int slips(String written, String known) {
    String a = written.toLowerCase(Locale.ROOT);
    String b = known.toLowerCase(Locale.ROOT);
    int[][] slips = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          slips[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int least = Math.min(slips[i - 1][j], slips[i][j - 1]) + 1;
        least = Math.min(least, slips[i - 1][j - 1] + change);
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        slips[i][j] = swapped ? Math.min(least, slips[i - 2][j - 2] + 1) : least;
      }
    }
    return slips[a.length()][b.length()];
  }
}
