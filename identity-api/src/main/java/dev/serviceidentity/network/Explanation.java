// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.network;

import dev.serviceidentity.network.Flow.Side;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Why a flow was decided as it was, made from what decided and not from a second evaluation.
 *
 * @param summary one sentence: the flow, and its verdict
 * @param parts what the policies of each end that was asked say, ingress first
 * @param decidedBy the rules that decided, as {@code namespace/name ingress[0].from[1]}
 */
public record Explanation(String summary, List<Part> parts, List<String> decidedBy) {
  private static final int MOST_NAMES = 5;

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
    /** It cannot be taken as it is written, and so admits nothing. */
    MALFORMED,
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

    /** Returns one line for people, such as {@code shop/deny: does not admit — it has no rule}. */
    @Override
    public String toString() {
      String verb = says.name().toLowerCase(Locale.ROOT).replace('_', ' ');
      return subject + ": " + verb + " — " + detail;
    }
  }

  /**
   * What the policies of one end of a flow say.
   *
   * @param side whether it is asked for its ingress or its egress; never {@link Side#BOTH}
   * @param of the pod whose policies these are, or who else that end is; with the other end where
   *     several flows are told apart
   * @param verdict what they come to
   * @param reason one sentence that a person acts on; on a denial it names the nearest miss
   * @param findings what each policy in question says, in the order of evaluation
   */
  public record Part(Side side, String of, Verdict verdict, String reason, List<Finding> findings) {
    /**
     * Copies the list.
     *
     * @param side whether it is asked for its ingress or its egress
     * @param of the pod whose policies these are
     * @param verdict what they come to
     * @param reason why
     * @param findings what each policy says
     */
    public Part {
      Objects.requireNonNull(side, "side");
      Objects.requireNonNull(of, "of");
      Objects.requireNonNull(verdict, "verdict");
      Objects.requireNonNull(reason, "reason");
      findings = List.copyOf(findings);
    }

    /** Returns one line for people, such as {@code ingress of shop/web: DENIED — …}. */
    @Override
    public String toString() {
      String direction = side.name().toLowerCase(Locale.ROOT);
      return direction + " of " + of + ": " + verdict + " — " + reason;
    }

    private void appendTo(StringBuilder text) {
      text.append("\n  ").append(this);
      for (Finding finding : findings) {
        if (finding.says() != Says.NOT_APPLICABLE) {
          text.append("\n    ").append(finding);
        }
      }
      List<String> others =
          findings.stream()
              .filter(finding -> finding.says() == Says.NOT_APPLICABLE)
              .map(Finding::subject)
              .toList();
      if (!others.isEmpty()) {
        text.append("\n    ").append(doNotApply(others));
      }
    }

    private static String doNotApply(List<String> names) {
      int more = names.size() - MOST_NAMES;
      return (names.size() == 1
              ? "1 policy does not apply: "
              : names.size() + " policies do not apply: ")
          + names.stream().limit(MOST_NAMES).collect(Collectors.joining(", "))
          + (more > 0 ? " and " + more + " more" : "");
    }
  }

  /**
   * Copies the lists.
   *
   * @param summary one sentence
   * @param parts what the policies of each end say
   * @param decidedBy the rules that decided
   */
  public Explanation {
    Objects.requireNonNull(summary, "summary");
    parts = List.copyOf(parts);
    decidedBy = List.copyOf(decidedBy);
  }

  /**
   * What each policy says, of whichever end.
   *
   * @return the findings of all parts, in their order
   */
  public List<Finding> findings() {
    return parts.stream().flatMap(part -> part.findings().stream()).toList();
  }

  /**
   * What keeps the flow from being allowed, on one line.
   *
   * @return the reasons of the parts that do not allow it; the summary if there are none
   */
  public String obstacle() {
    String reasons =
        parts.stream()
            .filter(part -> part.verdict() != Verdict.ALLOWED)
            .map(Part::toString)
            .collect(Collectors.joining("; "));
    return reasons.isEmpty() ? summary : reasons;
  }

  /**
   * The whole explanation for people.
   *
   * @return the summary, then for each part a heading with its reason and a line a finding, each
   *     indented; the policies that do not apply share a line. No trailing line break
   */
  public String render() {
    var text = new StringBuilder(summary);
    parts.forEach(part -> part.appendTo(text));
    return text.toString();
  }
}
