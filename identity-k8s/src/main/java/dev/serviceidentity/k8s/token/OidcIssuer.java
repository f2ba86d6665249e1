// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import dev.serviceidentity.identity.MechanismName;
import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * An OpenID Connect issuer, whose tokens are verified by the keys that it publishes. Each method
 * that takes a part returns a new value with that part. Immutable and thread-safe.
 *
 * <pre>{@code
 * OidcIssuer.at("https://id.shop.example/realms/partners")
 *     .trust(Path.of("/etc/pki/id.pem"))
 *     .domain("partners")
 *     .principal("{client_id}")
 * }</pre>
 *
 * @see <a href="https://openid.net/specs/openid-connect-discovery-1_0.html">OpenID Connect
 *     Discovery 1.0</a>
 */
public final class OidcIssuer {
  /** What the mechanism is called unless said otherwise. */
  public static final MechanismName NAME = MechanismName.of("oidc");

  private static final Set<MechanismName> TAKEN =
      Set.of(MechanismName.MTLS, MechanismName.KERBEROS, MechanismName.SERVICE_ACCOUNT_TOKEN);

  private final String url;
  private final MechanismName name;
  private final Optional<String> domain;
  private final Optional<Path> anchors;
  private final String template;

  private OidcIssuer(
      String url,
      MechanismName name,
      Optional<String> domain,
      Optional<Path> anchors,
      String template) {
    this.url = url;
    this.name = name;
    this.domain = domain;
    this.anchors = anchors;
    this.template = template;
  }

  /**
   * An issuer by its URL, letter by letter as its tokens and its discovery document have it.
   *
   * @param url of https, without query and fragment
   * @return the issuer, trusted by the authorities of the Java platform, with principals <code>
   *     {sub}</code>
   * @throws IllegalArgumentException if no issuer can have that URL
   */
  public static OidcIssuer at(String url) {
    URI uri = URI.create(url);
    boolean plain =
        uri.getRawUserInfo() == null && uri.getRawQuery() == null && uri.getRawFragment() == null;
    if (!"https".equals(uri.getScheme()) || uri.getHost() == null || !plain) {
      throw new IllegalArgumentException(
          "An issuer is a URL of https with a host, without user, query and fragment: " + url);
    }
    return new OidcIssuer(url, NAME, Optional.empty(), Optional.empty(), "{sub}");
  }

  /**
   * The same issuer, of a mechanism with another name: two issuers of one identity need two.
   *
   * @param mechanism as in principals, events and configuration
   * @return a new value
   * @throws IllegalArgumentException if that is no name, or one of those whose principals stand for
   *     service accounts by their own form
   */
  public OidcIssuer named(String mechanism) {
    MechanismName other = MechanismName.of(mechanism);
    if (TAKEN.contains(other)) {
      throw new IllegalArgumentException(
          "What an issuer says is not said by " + other + ": give its mechanism a name of its own");
    }
    return new OidcIssuer(url, other, domain, anchors, template);
  }

  /**
   * The same issuer, whose principals have another domain than its host and port.
   *
   * @param name needed where the issuer's URL has a path
   * @return a new value
   */
  public OidcIssuer domain(String name) {
    return new OidcIssuer(url, this.name, Optional.of(name), anchors, template);
  }

  /**
   * The same issuer, trusted by these authorities alone when its keys are asked for.
   *
   * @param pem a file of certificates
   * @return a new value
   */
  public OidcIssuer trust(Path pem) {
    Objects.requireNonNull(pem, "pem");
    return new OidcIssuer(url, name, domain, Optional.of(pem), template);
  }

  /**
   * The same issuer, with principals of other claims than <code>{sub}</code>. A claim within an
   * object is <code>{outer/inner}</code>. Of several claims, and in a path, none may hold anything
   * but letters, digits, {@code .}, {@code _} and {@code -}, so that no two sets of claims give one
   * name, and only the template says which path that is.
   *
   * @param claims for example <code>/repo/{repository_owner}/{repository_id}</code>
   * @return a new value
   */
  public OidcIssuer principal(String claims) {
    Objects.requireNonNull(claims, "claims");
    return new OidcIssuer(url, name, domain, anchors, claims);
  }

  String url() {
    return url;
  }

  MechanismName name() {
    return name;
  }

  Optional<String> domain() {
    return domain;
  }

  Optional<Path> anchors() {
    return anchors;
  }

  String template() {
    return template;
  }

  /** Returns the issuer's URL. */
  @Override
  public String toString() {
    return url;
  }
}
