// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.identity;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The Kubernetes service account that a workload runs as: namespace and name.
 *
 * <p>This is what authentication and network policy have in common, and so what the binding
 * compares. Immutable and thread-safe.
 *
 * @param namespace a DNS label (RFC 1123)
 * @param name a DNS subdomain (RFC 1123)
 */
public record ServiceAccountName(String namespace, String name) {
  private static final String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
  private static final Pattern NAMESPACE = Pattern.compile(LABEL);
  private static final Pattern NAME = Pattern.compile(LABEL + "(\\." + LABEL + ")*");
  private static final int LONGEST_NAME = 253;
  private static final Pattern SPIFFE_PATH = Pattern.compile("/ns/([^/]+)/sa/([^/]+)");

  /**
   * Checks both names.
   *
   * @param namespace the namespace
   * @param name the service account's name
   * @throws IllegalArgumentException if one is not a Kubernetes object name
   */
  public ServiceAccountName {
    if (!NAMESPACE.matcher(namespace).matches()) {
      throw new IllegalArgumentException(
          Echo.of(namespace) + " is no namespace: write a DNS label (RFC 1123), such as shop");
    }
    if (name.length() > LONGEST_NAME || !NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          Echo.of(name)
              + " is no service account's name: write a DNS subdomain (RFC 1123), such as web");
    }
  }

  /**
   * Reads {@code namespace/name}.
   *
   * @param text for example {@code shop/web}
   * @return the service account
   * @throws IllegalArgumentException if the text is not of that form
   */
  public static ServiceAccountName parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException(
          Echo.of(text) + " is no service account: write namespace/name, such as shop/web");
    }
    return new ServiceAccountName(text.substring(0, slash), text.substring(slash + 1));
  }

  /**
   * The service account that a SPIFFE principal names by the path convention of SPIRE and Istio,
   * {@code /ns/<namespace>/sa/<service account>}.
   *
   * @param principal any principal
   * @return the service account, or empty if the principal is not such a SPIFFE ID
   */
  public static Optional<ServiceAccountName> ofSpiffePath(PrincipalId principal) {
    var path = SPIFFE_PATH.matcher(principal.name());
    if (!principal.isSpiffe()
        || !path.matches()
        || !NAMESPACE.matcher(path.group(1)).matches()
        || path.group(2).length() > LONGEST_NAME
        || !NAME.matcher(path.group(2)).matches()) {
      return Optional.empty();
    }
    return Optional.of(new ServiceAccountName(path.group(1), path.group(2)));
  }

  /** Returns {@code namespace/name}. */
  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
