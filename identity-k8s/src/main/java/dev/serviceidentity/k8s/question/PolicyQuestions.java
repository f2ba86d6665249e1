// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.question;

import dev.serviceidentity.network.Explanation;
import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.Flow.Side;
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
    Answer answer = ask(from, directory.find(question.to()), question.port(), question.side());
    String losses =
        Stream.of(question.from(), question.to())
            .flatMap(reference -> directory.lossOf(reference).stream())
            .distinct()
            .map(finding -> "; see " + finding)
            .collect(Collectors.joining());
    return losses.isEmpty() ? answer : new Answer(answer.verdict(), () -> seen(answer, losses));
  }

  /** With where to look for those who should be there and cannot be read. */
  private static Explanation seen(Answer answer, String losses) {
    Explanation why = answer.why().get();
    return new Explanation(why.summary() + losses, why.findings(), why.decidedBy());
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
      return new Answer(only.getKey(), () -> agreed(only.getValue()));
    }
    String question = from.label() + " → " + to.label() + ", " + port;
    return new Answer(Verdict.UNDECIDABLE, () -> differing(question, cases));
  }

  /** Explained by the decision itself: the cluster may have changed since. */
  private record Case(Flow flow, PolicyDecision decision) {
    Explanation why() {
      return decision.explanation(flow);
    }
  }

  private static Explanation agreed(List<Case> cases) {
    Explanation first = cases.get(0).why();
    return cases.size() == 1
        ? first
        : new Explanation(
            first.summary() + " (And so for " + (cases.size() - 1) + " more pair(s) of ends.)",
            first.findings(),
            first.decidedBy());
  }

  private static Explanation differing(String question, Map<Verdict, List<Case>> cases) {
    String each =
        cases.entrySet().stream()
            .map(entry -> entry.getKey() + " for " + entry.getValue().get(0).flow())
            .collect(Collectors.joining(", but "));
    List<Explanation> examples = cases.values().stream().map(same -> same.get(0).why()).toList();
    return new Explanation(
        question + " has no one answer: " + each + ". Ask for one of them.",
        examples.stream().flatMap(example -> example.findings().stream()).distinct().toList(),
        examples.stream().flatMap(example -> example.decidedBy().stream()).distinct().toList());
  }
}
