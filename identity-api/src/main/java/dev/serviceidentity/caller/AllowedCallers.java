// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.caller;

import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.identity.ServiceAccountName;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who may call this service, by proven name: the second layer of the guard.
 *
 * <pre>{@code
 * AllowedCallers callers = AllowedCallers.anyOf(
 *     AllowedCallers.serviceAccounts("shop/web", "shop/batch"),
 *     AllowedCallers.onPath("/reports/**", AllowedCallers.principals("kerberos:alice@SHOP.EXAMPLE")));
 * }</pre>
 *
 * <p>Thread-safe. A rule only ever adds callers; there is no rule that takes one away.
 */
@FunctionalInterface
public interface AllowedCallers {
  /**
   * One call to judge.
   *
   * @param caller the verified caller
   * @param serviceAccount the service account that the caller's name stands for, if any
   * @param method the HTTP method, or empty text
   * @param path the request's path as evidence gave it, or empty text
   */
  record Call(
      Caller caller, @Nullable ServiceAccountName serviceAccount, String method, String path) {}

  /**
   * Says whether the call is allowed.
   *
   * @param call the call
   * @return true if this rule names it
   */
  boolean allows(Call call);

  /**
   * Says whether there may be any call that this rule allows a caller. Open connections of whoever
   * was named and is no more are ended, as far as the mechanism that they were made with can.
   *
   * @param caller a verified caller
   * @param serviceAccount the service account that the caller's name stands for, if any
   * @return true unless overridden, so that a rule that does not say ends no connection
   */
  default boolean allowsSomewhere(Caller caller, @Nullable ServiceAccountName serviceAccount) {
    return true;
  }

  /**
   * Exactly these principals.
   *
   * @param canonical principals as {@link PrincipalId#parse} reads them
   * @return the rule
   * @throws IllegalArgumentException if one is malformed, or none is given
   */
  static AllowedCallers principals(String... canonical) {
    Set<PrincipalId> named =
        requireSome(canonical).map(PrincipalId::parse).collect(Collectors.toUnmodifiableSet());
    return new RuleByName(call -> named.contains(call.caller().principal()));
  }

  /**
   * Principals of one mechanism and one domain or realm whose name matches a pattern: {@code *}
   * stands for one path segment or name component, {@code **} as the last one for one or more.
   * Mechanism and domain are written out, so that no pattern reaches into a foreign realm. Names
   * with escaped characters match no pattern.
   *
   * @param pattern for example {@code mtls:spiffe://shop.example/ns/shop/sa/*} or {@code
   *     kerberos:HTTP/*@SHOP.EXAMPLE}
   * @return the rule
   * @throws IllegalArgumentException if the pattern is malformed
   */
  static AllowedCallers principalsLike(String pattern) {
    PrincipalPattern like = PrincipalPattern.parse(pattern);
    return new RuleByName(call -> like.matches(call.caller().principal()));
  }

  /**
   * Whoever runs as one of these service accounts, by whichever mechanism it was proven. Kerberos
   * names stand for service accounts only by the {@code binding(...)} of a network; with {@code
   * trustIdentityAlone()} name them: {@code principals("kerberos:HTTP/web.shop@SHOP.EXAMPLE")}.
   *
   * @param names each {@code namespace/name}
   * @return the rule
   * @throws IllegalArgumentException if one is malformed, or none is given
   */
  static AllowedCallers serviceAccounts(String... names) {
    Set<ServiceAccountName> named =
        requireSome(names).map(ServiceAccountName::parse).collect(Collectors.toUnmodifiableSet());
    return new RuleByName(
        call -> call.serviceAccount() != null && named.contains(call.serviceAccount()));
  }

  /**
   * Callers that a predicate of your own accepts.
   *
   * @param predicate thread-safe, in memory
   * @return the rule
   */
  static AllowedCallers matching(Predicate<Caller> predicate) {
    Objects.requireNonNull(predicate, "predicate");
    return new RuleByName(call -> predicate.test(call.caller()));
  }

  /**
   * A rule that counts on some paths only. A path that a server could read in two ways counts
   * nowhere: one with an empty segment, {@code .} or {@code ..}, an escape, a backslash, a {@code
   * ;} parameter, a query or a control character.
   *
   * @param pattern a path pattern, which starts with {@code /}: {@code *} is one segment, {@code
   *     **} at the end is one or more
   * @param rule who may call there
   * @return the rule
   * @throws IllegalArgumentException if the pattern is malformed
   */
  static AllowedCallers onPath(String pattern, AllowedCallers rule) {
    if (!pattern.startsWith("/")) {
      throw new IllegalArgumentException("A path pattern starts with '/': " + pattern);
    }
    return new RuleOnPath(PathPattern.parse(pattern), Objects.requireNonNull(rule, "rule"));
  }

  /**
   * Whoever at least one of the rules allows.
   *
   * @param rules the rules
   * @return the rule
   */
  static AllowedCallers anyOf(AllowedCallers... rules) {
    return anyOf(List.of(rules));
  }

  /**
   * Whoever at least one of the rules allows.
   *
   * @param rules the rules
   * @return the rule; an empty list allows nobody
   */
  static AllowedCallers anyOf(List<AllowedCallers> rules) {
    return new AnyRule(List.copyOf(rules));
  }

  /**
   * Nobody: for a service that calls others and is called by none.
   *
   * @return the rule
   */
  static AllowedCallers nobody() {
    return new RuleByName(call -> false);
  }

  /**
   * Rules from a file, read once: each line allows one caller, or one caller on one path. The form
   * is documented in {@code docs/allowed-callers.md}. {@code ServiceIdentityBuilder.allowFile}
   * follows a file.
   *
   * @param file UTF-8 text
   * @return the rule
   * @throws dev.serviceidentity.identity.IdentityException with code {@code CONFIGURATION}, file
   *     and line, if the file cannot be read or a line is malformed
   */
  static AllowedCallers fromFile(Path file) {
    return AllowedCallersFile.read(file);
  }

  private static Stream<String> requireSome(String... names) {
    if (names.length == 0) {
      throw new IllegalArgumentException("Name at least one caller");
    }
    return Arrays.stream(names);
  }
}
