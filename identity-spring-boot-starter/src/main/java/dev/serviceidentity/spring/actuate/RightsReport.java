// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.actuate;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.serviceidentity.k8s.question.Answer;
import dev.serviceidentity.k8s.rights.Access;
import dev.serviceidentity.k8s.rights.ByName;
import dev.serviceidentity.k8s.rights.CallerRight;
import dev.serviceidentity.k8s.rights.EffectiveRights;
import dev.serviceidentity.network.Explanation;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the endpoint answers, as JSON shows it. */
final class RightsReport {
  private static final int MOST_PODS = 20;
  private static final int MOST_CALLERS = 1000;

  private RightsReport() {}

  /**
   * The view of the cluster that answers.
   *
   * @param provenAt null for one that cannot grow old
   * @param unseen who there may be beside those that it shows
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record View(String version, long generation, @Nullable Instant provenAt, List<String> unseen) {
    static View of(EffectiveRights rights) {
      Instant proven = rights.stamp().provenAt();
      return new View(
          rights.stamp().version(),
          rights.stamp().generation(),
          proven.equals(Instant.MAX) ? null : proven,
          rights.unseen());
    }
  }

  /** All callers at one door; those at which name and network differ are named once more. */
  record Callers(
      Asked asked,
      List<Caller> callers,
      int omitted,
      List<String> differ,
      Verdict outside,
      View view) {
    static Callers of(Asked asked, EffectiveRights rights) {
      List<CallerRight> all = rights.callersAt(asked.door());
      return new Callers(
          asked,
          all.stream()
              .limit(MOST_CALLERS)
              .map(right -> Caller.of(right, asked.reportOnly()))
              .toList(),
          Math.max(0, all.size() - MOST_CALLERS),
          all.stream()
              .filter(right -> right.access().differs())
              .map(right -> right.account().toString())
              .toList(),
          rights.outsideAt(asked.door()).verdict(),
          View.of(rights));
    }
  }

  /**
   * One caller of many.
   *
   * @param admittedUntil null unless the guard admits him only because a layer reports
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Caller(
      String serviceAccount,
      List<String> pods,
      Access access,
      boolean byName,
      Verdict byNetwork,
      @Nullable Instant admittedUntil) {
    static Caller of(CallerRight right, List<Reporting> reporting) {
      return new Caller(
          right.account().toString(),
          right.pods().stream().limit(MOST_PODS).toList(),
          right.access(),
          right.byName().isAllowed(),
          right.byNetwork().verdict(),
          Reporting.admitting(right, reporting));
    }
  }

  /**
   * One caller, explained.
   *
   * @param admittedUntil null unless the guard admits him only because a layer reports
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Explained(
      Asked asked,
      String serviceAccount,
      List<String> pods,
      Access access,
      Name byName,
      Network byNetwork,
      @Nullable Instant admittedUntil,
      View view) {
    static Explained of(Asked asked, CallerRight right, EffectiveRights rights) {
      return new Explained(
          asked,
          right.account().toString(),
          right.pods().stream().limit(MOST_PODS).toList(),
          right.access(),
          Name.of(right.byName()),
          Network.of(right.byNetwork()),
          Reporting.admitting(right, asked.reportOnly()),
          View.of(rights));
    }
  }

  /** What is said to the names of a caller. */
  record Name(boolean allowed, String why) {
    static Name of(ByName byName) {
      return new Name(byName.isAllowed(), byName.why());
    }
  }

  /** What the policies say, and why, line by line. */
  record Network(Verdict verdict, List<String> decidedBy, List<String> why) {
    static Network of(Answer answer) {
      Explanation why = answer.why().get();
      return new Network(answer.verdict(), why.decidedBy(), why.render().lines().toList());
    }
  }

  /** Why there is no answer (RFC 9457). */
  record Problem(String title, int status, String detail) {}
}
