// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.actuate;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.access.AccessRule;
import dev.serviceidentity.access.AccessTerms;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.jakarta.PathRules;
import dev.serviceidentity.k8s.VisibleCluster;
import dev.serviceidentity.k8s.rights.CallerRight;
import dev.serviceidentity.k8s.rights.Door;
import dev.serviceidentity.k8s.rights.EffectiveRights;
import dev.serviceidentity.network.ClusterNetwork;
import dev.serviceidentity.network.FlowEnd;
import dev.serviceidentity.network.Workload;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.util.MimeType;

/**
 * Who may call this service now, by name and by network, where the two differ, and why. It names
 * workloads and policies of the cluster, so that it is off unless it is switched on, and whoever
 * exposes it should let operators alone read it.
 */
@WebEndpoint(id = "serviceidentity", defaultAccess = Access.NONE)
final class RightsEndpoint {
  private static final MimeType PROBLEM = new MimeType("application", "problem+json");

  private final ServiceIdentity identity;
  private final Supplier<PathRules> rules;
  private final Supplier<Optional<String>> ownPort;
  private final Clock clock;

  RightsEndpoint(
      ServiceIdentity identity,
      Supplier<PathRules> rules,
      Supplier<Optional<String>> ownPort,
      Clock clock) {
    this.identity = identity;
    this.rules = rules;
    this.ownPort = ownPort;
    this.clock = clock;
  }

  /** Lists everybody. */
  @ReadOperation
  WebEndpointResponse<Object> callers(
      @Nullable String port, @Nullable String method, @Nullable String path) {
    return answer(
        () -> question(port, method, path),
        seen -> RightsReport.Callers.of(seen.asked(), seen.rights()));
  }

  /** Explains one caller. */
  @ReadOperation
  WebEndpointResponse<Object> caller(
      @Selector String namespace,
      @Selector String account,
      @Nullable String port,
      @Nullable String method,
      @Nullable String path) {
    return answer(
        () -> question(port, method, path),
        seen -> {
          CallerRight right =
              seen.rights()
                  .callerAt(
                      ServiceAccountName.parse(namespace + "/" + account), seen.asked().door());
          return RightsReport.Explained.of(seen.asked(), right, seen.rights());
        });
  }

  private Question question(@Nullable String port, @Nullable String method, @Nullable String path) {
    return Question.of(port, ownPort.get().orElse(null), method, path);
  }

  /** What a question is answered from. */
  private record Seen(Asked asked, EffectiveRights rights) {}

  private WebEndpointResponse<Object> answer(
      Supplier<Question> question, Function<Seen, Object> answer) {
    try {
      return new WebEndpointResponse<>(answer.apply(look(question.get())));
    } catch (IllegalArgumentException misread) {
      return problem("Bad Request", WebEndpointResponse.STATUS_BAD_REQUEST, misread);
    } catch (IdentityException unavailable) {
      return problem(
          "Service Unavailable", WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE, unavailable);
    }
  }

  private Seen look(Question question) {
    AccessTerms terms = identity.terms();
    VisibleCluster cluster = visible(terms.network());
    Workload self =
        cluster
            .self()
            .orElseThrow(
                () ->
                    notReady("The own pod is not known to the view: " + cluster.health().detail()));
    PathRules particular = rules.get();
    NameRules names = names(terms, question.path(), particular);
    Door door =
        Door.of(self, question.port(), names.allowed())
            .side(terms.side())
            .provenBy(names.mechanisms());
    String method = question.method();
    String path = question.path();
    Door asked = method == null || path == null ? door : door.request(method, path);
    String service = FlowEnd.of(self) + ":" + question.port();
    AccessRule rule = path == null ? null : particular.ruleOn(path).orElse(null);
    List<Reporting> reporting = Reporting.of(terms.enforcement(), rule, clock.instant());
    return new Seen(
        new Asked(service, method, path, names.note(), reporting, asked),
        EffectiveRights.of(cluster, clock));
  }

  private NameRules names(AccessTerms terms, @Nullable String path, PathRules particular) {
    Set<MechanismName> own =
        identity.identities().stream()
            .map(snapshot -> snapshot.principal().mechanism())
            .collect(Collectors.toSet());
    var names = new NameRules(terms.allowed(), own, "");
    return path == null ? names : names.on(path, particular);
  }

  private static VisibleCluster visible(@Nullable ClusterNetwork network) {
    if (network instanceof VisibleCluster cluster) {
      return cluster;
    }
    throw notReady(
        network == null
            ? "This service trusts identity alone, and sees no cluster whose pods could be listed"
            : "The network of this service does not show what it decides by");
  }

  private static IdentityException notReady(String why) {
    return new IdentityException(IdentityException.Code.NOT_READY, why);
  }

  private static WebEndpointResponse<Object> problem(
      String title, int status, RuntimeException why) {
    return new WebEndpointResponse<>(
        new RightsReport.Problem(title, status, String.valueOf(why.getMessage())), status, PROBLEM);
  }
}
