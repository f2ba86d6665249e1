// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.source;

import dev.serviceidentity.spi.CertificateIssuer;
import dev.serviceidentity.spi.Opening;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A certificate that an authority issues to this process: the key is made here, anew for each
 * certificate, and is never written anywhere. Renewed after about two thirds of its life; an
 * authority that fails is asked again for ever, with growing pauses, while the last certificate
 * stays in use until it really ends.
 *
 * <pre>{@code
 * MtlsIdentity.builder()
 *     .source(IssuedIdentity.by(issuer,
 *         CertificateRequest.spiffe("spiffe://shop.example/ns/shop/sa/web").dns("web.shop")))
 * }</pre>
 *
 * <p>Immutable; thread-safe if the issuer is.
 */
public final class IssuedIdentity implements SourceProvider {
  private final CertificateIssuer issuer;
  private final CertificateRequest request;
  private final @Nullable Path authorities;

  private IssuedIdentity(
      CertificateIssuer issuer, CertificateRequest request, @Nullable Path authorities) {
    this.issuer = Objects.requireNonNull(issuer, "issuer");
    this.request = Objects.requireNonNull(request, "request");
    this.authorities = authorities;
  }

  /**
   * Certificates of this authority, trusting whom it says.
   *
   * @param issuer signs requests
   * @param request what is asked for
   * @return the source; nothing is asked before it is opened
   */
  public static IssuedIdentity by(CertificateIssuer issuer, CertificateRequest request) {
    return new IssuedIdentity(issuer, request, null);
  }

  /**
   * The same, trusting the authorities in a file instead, which is followed. Needed where the
   * issuer does not say whom to trust, as signers in Kubernetes do not.
   *
   * @param pem certificates of authorities
   * @return a new value
   */
  public IssuedIdentity authorities(Path pem) {
    return new IssuedIdentity(issuer, request, Objects.requireNonNull(pem, "pem"));
  }

  @Override
  public CertificateSource open(SourceContext context) {
    var renewal = new Renewal(issuer, request, context);
    return Opening.orClose(
        renewal::close,
        () -> {
          renewal.start();
          return new RenewedSource(
              request.toString(),
              context.trustDomain(),
              renewal,
              authorities == null ? null : AuthorityFile.pem(authorities, context.trustDomain()));
        });
  }

  /** Returns what is asked for. */
  @Override
  public String toString() {
    return "IssuedIdentity[" + request + "]";
  }
}
