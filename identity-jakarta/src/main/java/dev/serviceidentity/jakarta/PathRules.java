// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta;

import dev.serviceidentity.access.AccessRule;
import dev.serviceidentity.access.Layer;
import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.caller.PathPattern;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is particular to some paths of an application, beyond what its identity demands of every
 * request. The first rule whose pattern has the path counts, and no other.
 *
 * <pre>{@code
 * PathRules rules = PathRules.builder()
 *     .publicPath("/health", "/assets/**")
 *     .path("/admin/**", AccessRule.usual()
 *         .require(MechanismName.KERBEROS)
 *         .allow(AllowedCallers.principals("kerberos:alice@SHOP.EXAMPLE")))
 *     .build();
 * }</pre>
 *
 * <p>Patterns are of decoded paths below the application's context path: {@code *} is one segment,
 * {@code **} at the end one or more. A pattern that demands more also has the path above {@code
 * /**} and the one with a slash at the end, since {@code /admin/*} of a servlet mapping has them,
 * and each of them in any letter case, since an application may look at none; a public pattern is
 * taken literally.
 *
 * <p>Rules are about folders. A servlet mapped to an extension ({@code *.do}) answers in every
 * folder: {@code publicPath("/public/**")} would open {@code /public/delete.do}, which is the same
 * action as {@code /delete.do}, and {@code /admin/**} is walked around by {@code /x/delete.do}.
 * With such mappings make single paths public, and demand more on {@code /**}.
 *
 * <p>A path that can be read in two ways (dot segments, empty segments, backslashes, {@code ;}
 * parameters, control characters, malformed escapes, and escapes of slash, dot, percent and the
 * like) is never public, and where a rule demands more of some path nobody may call it, because no
 * spelling may lead around that rule. The same holds if the container routes a request to another
 * path than was written, as it does for welcome files, and the rules differ between the two.
 *
 * <p>Immutable and thread-safe.
 */
public final class PathRules {
  private static final PathRules NONE = new PathRules(List.of());
  private static final Ruling NOBODY =
      new Ruling(AccessRule.usual().allow(AllowedCallers.nobody()));

  private final List<Entry> entries;
  private final Ruling onUnclear;

  /**
   * A rule under which a layer reports only what it would refuse.
   *
   * @param pattern the paths
   * @param layer the layer
   * @param until the instant from which it is enforced
   */
  public record ReportOnly(String pattern, Layer layer, Instant until) {
    /** Returns one sentence for people. */
    @Override
    public String toString() {
      return "On " + pattern + " the layer " + layer + " refuses nothing before " + until;
    }
  }

  /**
   * What is to be done with a request.
   *
   * @param access what to admit by, or null where nobody is asked
   */
  record Ruling(@Nullable AccessRule access) {
    static final Ruling PUBLIC = new Ruling(null);
    static final Ruling USUAL = new Ruling(AccessRule.usual());

    boolean isPublic() {
      return access == null;
    }

    boolean narrows() {
      return access != null && access.narrows();
    }

    AccessRule rule() {
      return Objects.requireNonNull(access, "A public path has no rule");
    }
  }

  private record Entry(String text, PathPattern pattern, Ruling ruling) {
    boolean has(String path) {
      return ruling.narrows() ? pattern.covers(path) : pattern.matches(path);
    }

    /** Whether this comes first on each path of a later rule; patterns are paths themselves. */
    boolean hides(Entry later) {
      return later.text.endsWith("/**")
          ? has(later.text.substring(0, later.text.length() - 1)) && has(later.text + "/*")
          : has(later.text);
    }
  }

  private PathRules(List<Entry> entries) {
    this.entries = List.copyOf(entries);
    boolean narrows = entries.stream().anyMatch(entry -> entry.ruling.narrows());
    this.onUnclear = narrows ? NOBODY : Ruling.USUAL;
  }

  /**
   * No rules: on every path the identity's own demands count.
   *
   * @return always the same rules
   */
  public static PathRules none() {
    return NONE;
  }

  /**
   * Starts to make rules.
   *
   * @return a builder without any
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Reads rules from text, one in each line, asked in that order. Empty lines and lines that start
   * with {@code #} are skipped.
   *
   * <pre>
   * public /health
   * path /admin/**   require kerberos allow principal kerberos:alice@SHOP.EXAMPLE
   * path /reports/** allow service-account shop/batch allow principals-like mtls:spiffe://shop.example/ns/bi/sa/*
   * path /legacy/**  report-only NETWORK until 2027-01-31T00:00:00Z
   * </pre>
   *
   * <p>What follows a pattern can be there several times, in any order: callers named by one or
   * more {@code allow} are the only ones; each mechanism of a {@code require} must have been
   * proven. A {@code path} with nothing behind its pattern is as the identity demands, ahead of
   * later rules.
   *
   * @param text the lines
   * @return the rules
   * @throws IllegalArgumentException with the line's number if one is malformed, or is never asked
   *     because of an earlier one
   */
  public static PathRules parse(String text) {
    return PathRulesText.addTo(builder(), text).build();
  }

  /**
   * The rules that loosen a layer for a while, for warnings and for health: as long as one has not
   * ended, what it is about is degraded.
   *
   * @return in the order of the rules, ended ones included
   */
  public List<ReportOnly> reportOnly() {
    return entries.stream()
        .filter(entry -> !entry.ruling.isPublic())
        .flatMap(
            entry ->
                entry.ruling.rule().enforcement().reportOnlyUntil().entrySet().stream()
                    .map(layer -> new ReportOnly(entry.text, layer.getKey(), layer.getValue())))
        .toList();
  }

  /**
   * The rule that counts on a path, for those who ask who may call there.
   *
   * @param path decoded, below the context path
   * @return empty if the path is public; on one that can be read in two ways, what counts on those
   */
  public Optional<AccessRule> ruleOn(String path) {
    Ruling ruling = PathPattern.isAmbiguous(path) ? onUnclear : rulingOn(path);
    return ruling.isPublic() ? Optional.empty() : Optional.of(ruling.rule());
  }

  Ruling rulingOn(RequestPath path) {
    if (!path.isClear()) {
      return onUnclear;
    }
    Ruling there = rulingOn(path.routed());
    boolean same = path.written().equals(path.routed()) || rulingOn(path.written()).equals(there);
    return same ? there : onUnclear;
  }

  /** What to do where the rules say two things about one request. */
  Ruling rulingOnUnclear() {
    return onUnclear;
  }

  private Ruling rulingOn(String path) {
    for (Entry entry : entries) {
      if (entry.has(path)) {
        return entry.ruling;
      }
    }
    return Ruling.USUAL;
  }

  /** Collects rules in the order in which they are asked. Not thread-safe. */
  public static final class Builder {
    private final List<Entry> entries = new ArrayList<>();

    private Builder() {}

    /**
     * Paths on which nobody is asked who he is.
     *
     * @param patterns each starts with {@code /}
     * @return this builder
     * @throws IllegalArgumentException if one is malformed, or never asked because of an earlier
     *     rule
     */
    public Builder publicPath(String... patterns) {
      for (String pattern : patterns) {
        add(pattern, Ruling.PUBLIC);
      }
      return this;
    }

    /**
     * Paths on which a request needs more than usual, or a layer reports only.
     *
     * @param pattern starts with {@code /}
     * @param rule what is needed there beside what the identity demands
     * @return this builder
     * @throws IllegalArgumentException if the pattern is malformed, or never asked because of an
     *     earlier rule
     */
    public Builder path(String pattern, AccessRule rule) {
      return add(pattern, new Ruling(Objects.requireNonNull(rule, "rule")));
    }

    /**
     * The rules.
     *
     * @return what was collected so far
     */
    public PathRules build() {
      return new PathRules(entries);
    }

    private Builder add(String pattern, Ruling ruling) {
      if (!pattern.startsWith("/")) {
        throw new IllegalArgumentException("A path pattern starts with '/': " + pattern);
      }
      var entry = new Entry(pattern, PathPattern.parse(pattern), ruling);
      for (Entry earlier : entries) {
        if (earlier.hides(entry)) {
          throw new IllegalArgumentException(
              pattern
                  + " is never asked, because "
                  + earlier.text
                  + " comes first: turn them round");
        }
      }
      entries.add(entry);
      return this;
    }
  }
}
