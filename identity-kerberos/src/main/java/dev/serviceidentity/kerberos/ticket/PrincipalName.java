// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.ticket;

import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.identity.PrincipalId;
import dev.serviceidentity.spi.ForeignText;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A Kerberos principal: components and realm (RFC 4120 section 6). The name-type is left out: it is
 * a hint and two names that differ in it only are the same (section 6.2).
 *
 * @param components at least one; compared one by one, so that ("a", "b") is not ("a/b")
 * @param realm in its own letter case
 */
public record PrincipalName(List<String> components, String realm) {
  private static final int LONGEST_PART = 255;
  private static final String ESCAPED = "/@\\";

  /**
   * Copies the components.
   *
   * @param components at least one; compared one by one, so that ("a", "b") is not ("a/b")
   * @param realm in its own letter case
   */
  public PrincipalName {
    components = List.copyOf(components);
    Objects.requireNonNull(realm, "realm");
  }

  /**
   * Reads {@code component/component@REALM}, with {@code /}, {@code @} and {@code \} inside a
   * component escaped by a backslash (RFC 1964 section 2.1.1).
   *
   * @param text the text
   * @return the principal
   * @throws IllegalArgumentException with a message for the user if the text is not of that form
   */
  public static PrincipalName parse(String text) {
    var parts = new ArrayList<String>();
    var part = new StringBuilder();
    int at = -1;
    for (int i = 0; i < text.length() && at < 0; i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\\' -> part.append(escaped(text, ++i));
        case '/' -> parts.add(take(part, text));
        case '@' -> at = i;
        default -> part.append(c);
      }
    }
    if (at < 0) {
      throw wrong(text, "it has no '@' and realm");
    }
    parts.add(take(part, text));
    String realm = text.substring(at + 1);
    if (realm.isEmpty() || realm.chars().anyMatch(c -> c == '/' || c == '@' || c == '\\')) {
      throw wrong(text, "its realm is empty or holds '/', '@' or '\\'");
    }
    if (realm.length() > LONGEST_PART || !visible(realm)) {
      throw wrong(text, "its realm is too long or not visible ASCII");
    }
    return new PrincipalName(parts, realm);
  }

  private static char escaped(String text, int index) {
    if (index >= text.length() || ESCAPED.indexOf(text.charAt(index)) < 0) {
      throw wrong(text, "a backslash stands before '/', '@' or '\\' only");
    }
    return text.charAt(index);
  }

  private static String take(StringBuilder part, String text) {
    String component = part.toString();
    part.setLength(0);
    if (component.isEmpty() || component.length() > LONGEST_PART || !visible(component)) {
      throw wrong(text, "a component is empty, too long or not visible ASCII");
    }
    return component;
  }

  private static boolean visible(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) <= 0x20 || text.charAt(i) >= 0x7f) {
        return false;
      }
    }
    return true;
  }

  private static IllegalArgumentException wrong(String text, String why) {
    return new IllegalArgumentException(
        ForeignText.quote(text)
            + " is not a Kerberos principal such as HTTP/orders.shop@SHOP.EXAMPLE: "
            + why);
  }

  /**
   * The name without the realm.
   *
   * @return escaped so that it can be read back
   */
  public String name() {
    var name = new StringBuilder();
    for (int i = 0; i < components.size(); i++) {
      if (i > 0) {
        name.append('/');
      }
      escape(components.get(i), name);
    }
    return name.toString();
  }

  private static void escape(String component, StringBuilder into) {
    for (int i = 0; i < component.length(); i++) {
      char c = component.charAt(i);
      if (ESCAPED.indexOf(c) >= 0) {
        into.append('\\');
      }
      into.append(c);
    }
  }

  /**
   * The principal in the terms of the API.
   *
   * @return of the mechanism Kerberos
   * @throws IllegalArgumentException if the name is not visible ASCII, or a component is empty:
   *     such a name could begin with a slash and be taken for a path
   */
  public PrincipalId id() {
    if (components.isEmpty() || components.stream().anyMatch(String::isEmpty)) {
      throw new IllegalArgumentException("a component of the name is empty");
    }
    return new PrincipalId(MechanismName.KERBEROS, realm, name());
  }

  /** Returns the text that {@link #parse} reads. */
  @Override
  public String toString() {
    return name() + "@" + realm;
  }
}
