// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import static dev.serviceidentity.k8s.token.RefusedToken.require;
import static dev.serviceidentity.k8s.token.TokenRejection.NO_PRINCIPAL;

import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.spi.ForeignText;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes a principal's name of claims by a template such as <code>{sub}</code> or <code>
 * /repo/{repository_owner}/{repository}</code>. No two sets of claims give the same name: where
 * several claims stand in it, none may hold what stands between them.
 */
final class ClaimTemplate implements Naming {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]+)}");
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._-]+");
  private static final Pattern SEPARATOR = Pattern.compile(".*[^A-Za-z0-9._-].*");

  private final MechanismName mechanism;
  private final String domain;

  /** Text and claims in turn, text first. */
  private final List<String> literals = new ArrayList<>();

  private final List<List<String>> claimPaths = new ArrayList<>();

  ClaimTemplate(MechanismName mechanism, String domain, String template) {
    this.mechanism = mechanism;
    this.domain = domain;
    Matcher placeholder = PLACEHOLDER.matcher(template);
    int end = 0;
    while (placeholder.find()) {
      literals.add(template.substring(end, placeholder.start()));
      claimPaths.add(List.of(placeholder.group(1).split("/", -1)));
      end = placeholder.end();
    }
    literals.add(template.substring(end));
    boolean apart =
        literals.size() < 2
            || literals.subList(1, literals.size() - 1).stream()
                .allMatch(text -> SEPARATOR.matcher(text).matches());
    boolean braces = literals.stream().anyMatch(text -> text.matches(".*[{}].*"));
    if (claimPaths.isEmpty() || !apart || braces) {
      throw new IdentityException(
          IdentityException.Code.CONFIGURATION,
          "The template '"
              + template
              + "' cannot be used: write one claim or more as {name}, or {outer/inner}, with"
              + " another character than letters, digits, '.', '_' and '-' between two of them");
    }
  }

  @Override
  public Caller caller(Claims claims, Instant now) throws RefusedToken {
    var name = new StringBuilder(literals.get(0));
    for (int i = 0; i < claimPaths.size(); i++) {
      name.append(value(claims, claimPaths.get(i))).append(literals.get(i + 1));
    }
    try {
      var principal = new PrincipalId(mechanism, domain, name.toString());
      return Caller.of(principal, now, Expectations.end(claims));
    } catch (IllegalArgumentException e) {
      throw new RefusedToken(
          NO_PRINCIPAL, ForeignText.quote(name.toString()) + ": " + e.getMessage());
    }
  }

  private String value(Claims claims, List<String> path) throws RefusedToken {
    Claims holder = claims;
    for (String outer : path.subList(0, path.size() - 1)) {
      holder = holder.part(outer);
    }
    String value = holder.text(path.get(path.size() - 1)).orElse("");
    String shown = "The claim " + String.join("/", path) + " is " + ForeignText.quote(value);
    require(!value.isEmpty(), NO_PRINCIPAL, shown);
    // One claim of a path must not be several parts of it.
    boolean free = claimPaths.size() == 1 && !literals.get(0).startsWith("/");
    require(free || PLAIN.matcher(value).matches(), NO_PRINCIPAL, shown);
    // A name that starts with a slash is a SPIFFE path, and that is for the template to say.
    require(!literals.get(0).isEmpty() || !value.startsWith("/"), NO_PRINCIPAL, shown);
    return value;
  }
}
