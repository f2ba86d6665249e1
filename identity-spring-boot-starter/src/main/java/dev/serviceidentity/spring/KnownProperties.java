// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring;

import dev.serviceidentity.spring.properties.Misconfiguration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.core.env.Environment;

/**
 * Refuses what begins as this starter's properties do and is none: each group refuses unknown names
 * of its own, and nobody reads a group whose own name is misspelt. As for groups, variables of the
 * environment are passed over, since Kubernetes sets some for a service of any name.
 */
record KnownProperties(Environment environment) {
  /** What may come first after {@code serviceidentity}. */
  static final Set<String> CHILDREN =
      Set.of(
          "admission-timeout",
          "allow",
          "audit",
          "authorization",
          "client",
          "enabled",
          "kerberos",
          "mtls",
          "network",
          "open-timeout",
          "report-only",
          "serve-stale-for",
          "tokens",
          "web");

  private static final ConfigurationPropertyName ROOT =
      ConfigurationPropertyName.of("serviceidentity");
  private static final Set<String> UNIFORM =
      CHILDREN.stream().map(KnownProperties::uniform).collect(Collectors.toSet());

  void requireNoOther() {
    var filter = new UnboundElementsSourceFilter();
    StreamSupport.stream(ConfigurationPropertySources.get(environment).spliterator(), false)
        .filter(filter::apply)
        .filter(IterableConfigurationPropertySource.class::isInstance)
        .flatMap(source -> ((IterableConfigurationPropertySource) source).stream())
        .filter(ROOT::isAncestorOf)
        .filter(name -> !UNIFORM.contains(name.getElement(1, Form.UNIFORM)))
        .sorted()
        .findFirst()
        .ifPresent(KnownProperties::refuse);
  }

  private static void refuse(ConfigurationPropertyName name) {
    String unknown = name.getElement(1, Form.UNIFORM);
    String nearest =
        CHILDREN.stream()
            .min(
                Comparator.comparingInt((String child) -> edits(unknown, uniform(child)))
                    .thenComparing(Comparator.naturalOrder()))
            .orElseThrow();
    ConfigurationPropertyName meant = ROOT.append(nearest);
    if (name.getNumberOfElements() > 2) {
      meant = meant.append(name.subName(2));
    }
    throw Misconfiguration.of(name.toString(), "is no property; the nearest is " + meant);
  }

  private static String uniform(String name) {
    return ConfigurationPropertyName.of(name).getElement(0, Form.UNIFORM);
  }

  /** How many letters must be put in, left out or changed, after Levenshtein. */
  private static int edits(String from, String to) {
    int[] row = new int[to.length() + 1];
    Arrays.setAll(row, i -> i);
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int changed = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[to.length()];
  }
}
