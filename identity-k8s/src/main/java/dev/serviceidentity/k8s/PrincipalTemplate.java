// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.ServiceAccountName;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The form of a principal's name, such as {@code /ns/{namespace}/sa/{name}}, read backwards: which
 * workload does a name of that form stand for? There is never more than one way to read a name.
 */
final class PrincipalTemplate {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");

  private static final String SEPARATORS = "/.:";

  /** Only the service account's name may have dots, so that one separator tells the parts. */
  private static final Map<String, String> PARTS =
      Map.of(
          "namespace", "[a-z0-9-]+",
          "name", "[a-z0-9.-]+",
          "pod", "[a-z0-9-]+",
          "service", "[A-Za-z0-9_-]+");

  private static final Set<String> NEEDED = Set.of("namespace", "name");

  /** The class of service that callers over HTTP have (RFC 4559). */
  private static final String USUAL_SERVICE = "HTTP";

  private final String text;
  private final Pattern form;
  private final boolean namesPod;

  private PrincipalTemplate(String text, Pattern form, boolean namesPod) {
    this.text = text;
    this.form = form;
    this.namesPod = namesPod;
  }

  /** Who a name stands for: a service account, and one pod of it where the name says which. */
  record Bound(ServiceAccountName account, Optional<String> pod) {}

  static PrincipalTemplate parse(String text) {
    var form = new StringBuilder();
    var used = new HashSet<String>();
    Matcher placeholder = PLACEHOLDER.matcher(text);
    int end = 0;
    while (placeholder.find()) {
      String literal = text.substring(end, placeholder.start());
      String part = placeholder.group(1);
      String characters = PARTS.get(part);
      if (characters == null || !used.add(part)) {
        throw malformed(text, "{" + part + "} is not known, or is there twice");
      }
      if (end > 0 && literal.chars().noneMatch(c -> SEPARATORS.indexOf(c) >= 0)) {
        throw malformed(text, "'/', '.' or ':' must stand between two placeholders");
      }
      form.append(Pattern.quote(literal)).append("(?<" + part + ">" + characters + ")");
      end = placeholder.end();
    }
    form.append(Pattern.quote(text.substring(end)));
    if (!used.containsAll(NEEDED)) {
      throw malformed(text, "{namespace} and {name} are needed");
    }
    return new PrincipalTemplate(text, Pattern.compile(form.toString()), used.contains("pod"));
  }

  static List<PrincipalTemplate> parseAll(String... texts) {
    return List.of(texts).stream().map(PrincipalTemplate::parse).toList();
  }

  /** The names of this form that stand for a service account, or for one of its pods each. */
  Stream<String> namesOf(ServiceAccountName account, List<String> pods) {
    String named =
        text.replace("{service}", USUAL_SERVICE)
            .replace("{namespace}", account.namespace())
            .replace("{name}", account.name());
    return namesPod ? pods.stream().map(pod -> named.replace("{pod}", pod)) : Stream.of(named);
  }

  Optional<Bound> read(String name) {
    Matcher matcher = form.matcher(name);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      var account = new ServiceAccountName(matcher.group("namespace"), matcher.group("name"));
      Optional<String> pod = namesPod ? Optional.of(matcher.group("pod")) : Optional.empty();
      return Optional.of(new Bound(account, pod));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static IdentityException malformed(String text, String why) {
    return new IdentityException(
        IdentityException.Code.CONFIGURATION,
        "The principal template '" + text + "' cannot be used: " + why);
  }
}
