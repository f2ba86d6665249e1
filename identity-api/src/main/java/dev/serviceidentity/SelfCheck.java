// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity;

import java.util.List;
import java.util.Objects;

/**
 * What a service found when it checked itself. Immutable and thread-safe.
 *
 * @param findings good and bad, in the order of checking
 */
public record SelfCheck(List<Finding> findings) {
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
   * Tells whether everything needed works.
   *
   * @return false if a finding is {@link Severity#FAILED}
   */
  public boolean holds() {
    return findings.stream().noneMatch(finding -> finding.severity() == Severity.FAILED);
  }

  /**
   * The findings for people.
   *
   * @return one line a finding, with a second one for what to do; no trailing line break
   */
  public String render() {
    return String.join("\n", findings.stream().map(SelfCheck::line).toList());
  }

  private static String line(Finding finding) {
    String text = finding.severity() + " " + finding.subject() + ": " + finding.detail();
    return finding.remedy().isEmpty() ? text : text + "\n  → " + finding.remedy();
  }
}
