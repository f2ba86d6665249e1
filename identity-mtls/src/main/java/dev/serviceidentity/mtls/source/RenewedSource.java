// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.source;

import static dev.serviceidentity.identity.IdentityException.Code.CONFIGURATION;

import dev.serviceidentity.identity.IdentityException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a renewal has obtained, with authorities of the issuer or of a file. */
final class RenewedSource implements CertificateSource {
  private final String asked;
  private final String trustDomain;
  private final Renewal renewal;
  private final @Nullable AuthorityFile authorities;

  RenewedSource(
      String asked, String trustDomain, Renewal renewal, @Nullable AuthorityFile authorities) {
    this.asked = asked;
    this.trustDomain = trustDomain;
    this.renewal = renewal;
    this.authorities = authorities;
  }

  @Override
  public Origin origin() {
    return new Origin(
        "The certificate issued for " + asked,
        "the request that was made for it",
        authorities == null ? "authorities of the issuer" : authorities.toString());
  }

  @Override
  public Credential read() {
    Map<String, TrustBundle> trust = readTrust();
    Renewal.Obtained obtained = renewal.lastGood();
    IdentityException failure = renewal.failure();
    if (failure != null) {
      throw failure;
    }
    return Credential.of(
        obtained.issued().chain(), obtained.keys().getPrivate(), List.copyOf(trust.values()));
  }

  @Override
  public Map<String, TrustBundle> readTrust() {
    if (authorities != null) {
      return authorities.readAlone();
    }
    var named = renewal.lastGood().issued().authorities();
    if (named.isEmpty()) {
      throw new IdentityException(
          CONFIGURATION,
          "The issuer of the certificate for "
              + asked
              + " does not say whom to trust; name a file with authorities(...)");
    }
    return Credential.byDomain(List.of(TrustBundle.of(trustDomain, named)));
  }

  @Override
  public Set<Path> files() {
    return authorities == null ? Set.of() : authorities.files().files();
  }

  @Override
  public void onChange(Runnable changed) {
    renewal.onChange(changed);
  }

  @Override
  public void close() {
    renewal.close();
  }
}
