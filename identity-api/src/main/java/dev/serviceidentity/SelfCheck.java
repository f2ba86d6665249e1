// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity;

import dev.serviceidentity.network.ClusterNetwork;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What a service found when it checked itself. Immutable and thread-safe.
 *
 * @param findings good and bad, in the order of checking
 */
public record SelfCheck(List<Finding> findings) {
  private static final int WIDEST_SEVERITY = Severity.WARNING.name().length();

  /** A longer subject pushes its own detail to the right, and nobody else's. */
  private static final int WIDEST_SUBJECT = 48;

  private static final int GAP = 2;

  /** How bad a finding is. */
  public enum Severity {
    /** As it should be. */
    OK,
    /** Works, but needs a person. */
    WARNING,
    /** Does not work. */
    FAILED
  }

  /**
   * One thing checked.
   *
   * @param severity how bad it is
   * @param subject what was checked
   * @param detail what was found
   * @param remedy what to do; empty if nothing
   */
  public record Finding(Severity severity, String subject, String detail, String remedy) {
    /**
     * Checks that nothing is missing.
     *
     * @param severity how bad it is
     * @param subject what was checked
     * @param detail what was found
     * @param remedy what to do
     */
    public Finding {
      Objects.requireNonNull(severity, "severity");
      Objects.requireNonNull(subject, "subject");
      Objects.requireNonNull(detail, "detail");
      Objects.requireNonNull(remedy, "remedy");
    }
  }

  /**
   * Copies the findings.
   *
   * @param findings good and bad
   */
  public SelfCheck {
    findings = List.copyOf(findings);
  }

  /**
   * Checks a view of the cluster by itself, as the own check of an identity does with its view.
   *
   * @param network an open view, which may block to look at its cluster
   * @return what was found
   */
  public static SelfCheck of(ClusterNetwork network) {
    return SelfInspection.of(network);
  }

  /**
   * Tells whether everything needed works.
   *
   * @return false if a finding is {@link Severity#FAILED}
   */
  public boolean holds() {
    return findings.stream().noneMatch(finding -> finding.severity() == Severity.FAILED);
  }

  /**
   * The findings for people, in columns.
   *
   * @return one line a finding, with a second one for what to do; no trailing line break
   */
  public String render() {
    int subjects =
        findings.stream().mapToInt(finding -> finding.subject().length()).max().orElse(0);
    int column = Math.min(subjects, WIDEST_SUBJECT);
    return findings.stream()
        .map(finding -> line(finding, column))
        .collect(Collectors.joining("\n"));
  }

  private static String line(Finding finding, int column) {
    String head =
        padded(finding.severity().name(), WIDEST_SEVERITY) + padded(finding.subject(), column);
    String text = head + finding.detail();
    return finding.remedy().isEmpty()
        ? text
        : text + "\n" + " ".repeat(WIDEST_SEVERITY + column + 2 * GAP) + "→ " + finding.remedy();
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()) + GAP);
  }
}
