// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.web;

import dev.serviceidentity.access.AccessRule;
import dev.serviceidentity.access.Enforcement;
import dev.serviceidentity.access.Layer;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.jakarta.PathRules;
import dev.serviceidentity.spring.properties.CallerNames;
import dev.serviceidentity.spring.properties.Misconfiguration;
import dev.serviceidentity.spring.properties.WebProperties;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rules of paths as properties say them: the public ones first, the others in their order. */
record SaidPathRules(WebProperties said, SaidMechanisms mechanisms) {
  static final String MANAGEMENT = "serviceidentity.web.management-public-paths";

  private static final String GROUP = "serviceidentity.web.";

  PathRules rules() {
    PathRules.Builder rules = PathRules.builder();
    open(GROUP + "public-paths", said.publicPaths(), rules);
    return restricted(rules);
  }

  /** Those of the management port: its own public paths, then all rules of the application. */
  PathRules managementRules() {
    PathRules.Builder rules = PathRules.builder();
    open(MANAGEMENT, said.managementPublicPaths(), rules);
    List<String> others =
        said.publicPaths().stream()
            .filter(pattern -> !said.managementPublicPaths().contains(pattern))
            .toList();
    return Misconfiguration.reading(
        MANAGEMENT,
        () -> {
          open(GROUP + "public-paths", others, rules);
          return restricted(rules);
        });
  }

  private static void open(String where, List<String> patterns, PathRules.Builder rules) {
    for (int i = 0; i < patterns.size(); i++) {
      String pattern = patterns.get(i);
      Misconfiguration.reading(where + "[" + i + "]", () -> rules.publicPath(pattern));
    }
  }

  private PathRules restricted(PathRules.Builder rules) {
    for (int i = 0; i < said.rules().size(); i++) {
      add(GROUP + "rules[" + i + "]", said.rules().get(i), rules);
    }
    return rules.build();
  }

  private void add(String where, WebProperties.Rule said, PathRules.Builder rules) {
    String pattern = said.pattern();
    if (pattern == null) {
      throw Misconfiguration.of(
          where + ".pattern", "is missing: for which paths is the rule, for example /admin/**?");
    }
    AccessRule rule = reportOnly(said, narrowed(said, where));
    Misconfiguration.reading(where + ".pattern", () -> rules.path(pattern, rule));
    if (!rule.narrows() && rule.enforcement().reportOnlyUntil().isEmpty()) {
      throw Misconfiguration.of(
          where,
          "demands nothing: say mechanism, service-accounts, principals, principals-like or"
              + " report-only; a rule that only hides later ones is for a bean of type PathRules");
    }
  }

  private AccessRule narrowed(WebProperties.Rule said, String where) {
    AccessRule rule = AccessRule.usual();
    String mechanism = said.mechanism();
    if (mechanism != null) {
      rule =
          rule.require(
              mechanisms.require(
                  where + ".mechanism",
                  Misconfiguration.reading(
                      where + ".mechanism", () -> MechanismName.of(mechanism))));
    }
    Optional<AllowedCallers> callers =
        new CallerNames(
                names(where + ".service-accounts", said.serviceAccounts()),
                names(where + ".principals", said.principals()),
                names(where + ".principals-like", said.principalsLike()))
            .allowed(where);
    return callers.map(rule::allow).orElse(rule);
  }

  /** A list that was said and is empty does not stand for everybody. */
  private static List<String> names(String where, @Nullable List<String> said) {
    if (said != null && said.isEmpty()) {
      throw Misconfiguration.of(where, "names nobody; name somebody, or leave it out");
    }
    return said == null ? List.of() : said;
  }

  private static AccessRule reportOnly(WebProperties.Rule said, AccessRule rule) {
    Enforcement enforcement =
        said.reportOnly() == null ? Enforcement.enforce() : said.reportOnly().enforcement();
    AccessRule loosened = rule;
    for (Map.Entry<Layer, Instant> each : enforcement.reportOnlyUntil().entrySet()) {
      loosened = loosened.reportOnly(each.getKey(), each.getValue());
    }
    return loosened;
  }
}
