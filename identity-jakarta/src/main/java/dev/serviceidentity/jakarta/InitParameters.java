// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta;

import dev.serviceidentity.ServiceIdentity;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What {@code web.xml} says of an {@link IdentityFilter}. */
final class InitParameters {
  private static final String PUBLIC_PATHS = "public-paths";
  private static final String RULES = "rules";
  private static final String DEVELOPER_PROFILE = "developer-profile";
  private static final List<String> KNOWN = List.of(PUBLIC_PATHS, RULES, DEVELOPER_PROFILE);

  private final FilterConfig config;

  InitParameters(FilterConfig config) {
    this.config = config;
  }

  /** A filter that was built in a program has all it needs. */
  void requireNone() throws ServletException {
    List<String> names = names();
    if (!names.isEmpty()) {
      throw misfit("was built in the program, where " + names + " have to be said, too", null);
    }
  }

  Door.Terms read() throws ServletException {
    List<String> unknown = new ArrayList<>(names());
    unknown.removeAll(KNOWN);
    if (!unknown.isEmpty()) {
      throw misfit("has no parameters " + unknown + ": there are " + KNOWN, null);
    }
    IdentityFilterBuilder builder = IdentityFilter.builder(identity()).rules(rules());
    try {
      String profile = config.getInitParameter(DEVELOPER_PROFILE);
      return (profile == null ? builder : builder.developerProfile(profile)).terms();
    } catch (IllegalArgumentException malformed) {
      throw misfit("parameter " + DEVELOPER_PROFILE + ": " + malformed.getMessage(), malformed);
    }
  }

  private ServiceIdentity identity() throws ServletException {
    Object found = config.getServletContext().getAttribute(IdentityFilter.IDENTITY);
    if (found instanceof ServiceIdentity identity) {
      return identity;
    }
    throw misfit(
        "needs a ServiceIdentity in the attribute '"
            + IdentityFilter.IDENTITY
            + "' of the servlet context, where there is "
            + (found == null ? "nothing" : "an object of " + found.getClass())
            + ": open one in contextInitialized of a ServletContextListener, set it there, and"
            + " close it in contextDestroyed",
        null);
  }

  private PathRules rules() throws ServletException {
    PathRules.Builder rules = PathRules.builder();
    try {
      rules.publicPath(words(PUBLIC_PATHS));
    } catch (IllegalArgumentException malformed) {
      throw misfit("parameter " + PUBLIC_PATHS + ": " + malformed.getMessage(), malformed);
    }
    try {
      return PathRulesText.addTo(rules, text(RULES)).build();
    } catch (IllegalArgumentException malformed) {
      throw misfit("parameter " + RULES + ", " + malformed.getMessage(), malformed);
    }
  }

  private String[] words(String name) {
    return Stream.of(text(name).split("\\s+"))
        .filter(word -> !word.isEmpty())
        .toArray(String[]::new);
  }

  private String text(String name) {
    return Objects.requireNonNullElse(config.getInitParameter(name), "");
  }

  private List<String> names() {
    return Collections.list(config.getInitParameterNames()).stream()
        .sorted()
        .collect(Collectors.toUnmodifiableList());
  }

  private ServletException misfit(String what, @Nullable Exception cause) {
    return new ServletException("The filter '" + config.getFilterName() + "' " + what, cause);
  }
}
