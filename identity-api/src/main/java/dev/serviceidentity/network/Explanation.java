// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.network;

import java.util.List;
import java.util.Objects;

/**
 * Why a flow was decided as it was, made from what decided and not from a second evaluation.
 *
 * @param summary one sentence that a person acts on; on a denial it names the nearest miss
 * @param findings what each policy in question says, in the order of evaluation
 * @param decidedBy the rules that decided, as {@code namespace/name ingress[0].from[1]}
 */
public record Explanation(String summary, List<Finding> findings, List<String> decidedBy) {
  /**
   * What one policy says about a flow. A NetworkPolicy never denies: it does not admit. Only a
   * cluster-wide policy denies, or passes a flow on to the policies after it.
   */
  public enum Says {
    /** The policy does not select the pod, or not in this direction. */
    NOT_APPLICABLE,
    /** One of its rules admits the flow. */
    ADMITS,
    /** It isolates the pod and none of its rules admits the flow. */
    DOES_NOT_ADMIT,
    /** One of its rules denies the flow, whatever later policies say. */
    DENIES,
    /** One of its rules leaves the flow to the policies of the next tier. */
    PASSES,
    /** A fact that it asks about is not known. */
    UNDECIDABLE
  }

  /**
   * What one policy says.
   *
   * @param subject the policy and, where one decides, the rule
   * @param says its answer
   * @param detail why, with the values compared
   */
  public record Finding(String subject, Says says, String detail) {
    /**
     * Checks that nothing is missing.
     *
     * @param subject the policy
     * @param says its answer
     * @param detail why
     */
    public Finding {
      Objects.requireNonNull(subject, "subject");
      Objects.requireNonNull(says, "says");
      Objects.requireNonNull(detail, "detail");
    }
  }

  /**
   * Copies the lists.
   *
   * @param summary one sentence
   * @param findings what each policy says
   * @param decidedBy the rules that decided
   */
  public Explanation {
    Objects.requireNonNull(summary, "summary");
    findings = List.copyOf(findings);
    decidedBy = List.copyOf(decidedBy);
  }

  /**
   * The whole explanation for people.
   *
   * @return the summary, then one indented line a finding; no trailing line break
   */
  public String render() {
    var text = new StringBuilder(summary);
    for (Finding finding : findings) {
      text.append("\n  ")
          .append(finding.subject())
          .append(": ")
          .append(finding.says().name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '))
          .append(" — ")
          .append(finding.detail());
    }
    return text.toString();
  }
}
