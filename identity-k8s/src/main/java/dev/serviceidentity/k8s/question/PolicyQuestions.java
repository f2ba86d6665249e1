// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.question;

import dev.serviceidentity.network.Explanation;
import dev.serviceidentity.network.Explanation.Part;
import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.Flow.Side;
import dev.serviceidentity.network.FlowEnd;
import dev.serviceidentity.network.PolicyChecker;
import dev.serviceidentity.network.PolicyDecision;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Answers questions of people by asking for the flows behind them. Thread-safe if its parts are.
 *
 * <pre>{@code
 * Inventory inventory = Inventory.of(manifests);
 * PolicyQuestions questions =
 *     new PolicyQuestions(network, Directory.of(inventory, manifests.report()));
 * Answer answer = questions.ask(new Question(
 *     Reference.parse("external"), Reference.parse("shop/web"), PortNumber.parse("443"), BOTH));
 * }</pre>
 *
 * @param checker decides flows
 * @param directory knows who is there
 */
public record PolicyQuestions(PolicyChecker checker, Directory directory) {
  /**
   * Checks that nothing is missing.
   *
   * @param checker decides flows
   * @param directory knows who is there
   */
  public PolicyQuestions {
    Objects.requireNonNull(checker, "checker");
    Objects.requireNonNull(directory, "directory");
  }

  /**
   * Answers a question.
   *
   * @param question about two ends, of which one at least is in the cluster
   * @return the answer
   * @throws IllegalArgumentException if an end means nobody, or both are outside
   */
  public Answer ask(Question question) {
    if (question.from() instanceof Reference.External
        && question.to() instanceof Reference.External) {
      throw new IllegalArgumentException("at least one end must be in the cluster");
    }
    Party from = directory.find(question.from());
    Answer answer = answer(from, directory.find(question.to()), question);
    String losses =
        Stream.of(question.from(), question.to())
            .flatMap(reference -> directory.lossOf(reference).stream())
            .distinct()
            .map(finding -> "; see " + finding)
            .collect(Collectors.joining());
    return losses.isEmpty() ? answer : new Answer(answer.verdict(), () -> seen(answer, losses));
  }

  private Answer answer(Party from, Party to, Question question) {
    return directory.isSamePodOfTemplate(question)
        ? new Answer(
            Verdict.ALLOWED,
            () ->
                new Explanation(
                    question + " is allowed: a pod always reaches itself on its own addresses",
                    List.of(),
                    List.of()))
        : ask(from, to, question.port(), question.side());
  }

  /** With where to look for those who should be there and cannot be read. */
  private static Explanation seen(Answer answer, String losses) {
    Explanation why = answer.why().get();
    return new Explanation(why.summary() + losses, why.parts(), why.decidedBy());
  }

  /**
   * Answers for two parties. Several flows may be behind it; where they differ it has no one
   * answer.
   *
   * @param from who opens a connection
   * @param to who accepts it
   * @param port the port of the accepting pods
   * @param side whose policies are asked
   * @return the answer
   */
  public Answer ask(Party from, Party to, PortNumber port, Side side) {
    var cases = new LinkedHashMap<Verdict, List<Case>>();
    for (Party.Pair pair : from.pairsTo(to)) {
      var flow = new Flow(pair.from(), pair.to(), port.number(), port.protocol(), side);
      PolicyDecision decision = checker.check(flow);
      cases
          .computeIfAbsent(decision.verdict(), v -> new ArrayList<>())
          .add(new Case(flow, decision));
    }
    if (cases.size() == 1) {
      Map.Entry<Verdict, List<Case>> only = cases.entrySet().iterator().next();
      return new Answer(only.getKey(), () -> agreed(only.getValue(), from, to));
    }
    String question = from.label() + " → " + to.label() + ", " + port;
    return new Answer(Verdict.UNDECIDABLE, () -> differing(question, cases));
  }

  /** Explained by the decision itself: the cluster may have changed since. */
  private record Case(Flow flow, PolicyDecision decision) {
    Explanation why() {
      return decision.explanation(flow);
    }

    /** Each says which of the flows it is of. */
    Stream<Part> parts() {
      return why().parts().stream()
          .map(
              part ->
                  new Part(
                      part.side(),
                      part.of() + ", " + flow.from() + " → " + flow.to(),
                      part.verdict(),
                      part.reason(),
                      part.findings()));
    }
  }

  private static Explanation agreed(List<Case> cases, Party from, Party to) {
    Explanation first = cases.get(0).why();
    Flow shown = cases.get(0).flow();
    String more =
        cases.size() == 1
            ? ""
            : " The same holds for " + (cases.size() - 1) + " more pair(s) of ends.";
    return new Explanation(
        first.summary() + standsFor(shown.from(), from) + standsFor(shown.to(), to) + more,
        first.parts(),
        first.decidedBy());
  }

  /** Says who is shown where that is not who was asked about. */
  private static String standsFor(FlowEnd shown, Party asked) {
    return shown.toString().equals(asked.label())
        ? ""
        : " Here "
            + shown
            + " stands for "
            + asked.label()
            + (asked.label().equals(Reference.EXTERNAL) ? ", the public addresses." : ".");
  }

  private static Explanation differing(String question, Map<Verdict, List<Case>> cases) {
    String each =
        cases.entrySet().stream()
            .map(entry -> entry.getKey() + " for " + entry.getValue().get(0).flow())
            .collect(Collectors.joining(", but "));
    List<Case> examples = cases.values().stream().map(same -> same.get(0)).toList();
    return new Explanation(
        question + " has no one answer: " + each + ". Ask for one of them.",
        examples.stream().flatMap(Case::parts).distinct().toList(),
        examples.stream().flatMap(one -> one.why().decidedBy().stream()).distinct().toList());
  }
}
