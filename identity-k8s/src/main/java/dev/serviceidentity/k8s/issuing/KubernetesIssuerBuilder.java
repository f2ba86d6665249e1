// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.issuing;

import static dev.serviceidentity.identity.IdentityException.Code.CONFIGURATION;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.k8s.client.ClientSource;
import dev.serviceidentity.k8s.issuing.KubernetesCertificateIssuer.Usage;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Opens a {@link KubernetesCertificateIssuer}. Not thread-safe.
 *
 * <pre>{@code
 * KubernetesCertificateIssuer.using(client).signer("shop.example/workloads").open()
 * }</pre>
 */
public final class KubernetesIssuerBuilder {
  private static final Pattern SIGNER =
      Pattern.compile("[a-z0-9][a-z0-9.-]*\\.[a-z0-9.-]+/[^/\\s]+");

  private final ClientSource clients;
  private String signer = "";
  private Set<Usage> usages =
      EnumSet.of(Usage.DIGITAL_SIGNATURE, Usage.CLIENT_AUTH, Usage.SERVER_AUTH);
  private boolean selfApproved;
  private Duration patience = Duration.ofSeconds(60);
  private Clock clock = Clock.systemUTC();

  KubernetesIssuerBuilder(ClientSource clients) {
    this.clients = clients;
  }

  /**
   * Says who signs. Kubernetes itself has no signer for certificates between services: its own sign
   * clients of the API server, and kubelets.
   *
   * @param name such as {@code shop.example/workloads}
   * @return this
   */
  public KubernetesIssuerBuilder signer(String name) {
    this.signer = Objects.requireNonNull(name, "name");
    return this;
  }

  /**
   * Says what certificates are good for. Signers refuse usages that they do not serve.
   *
   * @param first one
   * @param more others; digital signature, client and server authentication unless said here
   * @return this
   */
  public KubernetesIssuerBuilder usages(Usage first, Usage... more) {
    this.usages = EnumSet.of(first, more);
    return this;
  }

  /**
   * Approves each request by the service's own account, so that nobody looks at what it asks for:
   * whoever runs as that account gets a certificate with any name. For development. It needs {@code
   * update} on certificatesigningrequests/approval, and {@code approve} on the signer (resource
   * {@code signers} of certificates.k8s.io).
   *
   * @return this
   */
  public KubernetesIssuerBuilder approveItself() {
    this.selfApproved = true;
    return this;
  }

  /**
   * Says how long a request may wait until it has been approved and signed. Whoever asked tries
   * again with a new one.
   *
   * @param longest a minute unless said here; more where people approve
   * @return this
   */
  public KubernetesIssuerBuilder patience(Duration longest) {
    this.patience = Objects.requireNonNull(longest, "longest");
    return this;
  }

  /**
   * Replaces the clock that tells when patience is over.
   *
   * @param source the time of day
   * @return this
   */
  public KubernetesIssuerBuilder clock(Clock source) {
    this.clock = Objects.requireNonNull(source, "source");
    return this;
  }

  /**
   * Opens the issuer; the signer is asked by its first request.
   *
   * @return to be closed by the caller, after the identities that use it
   * @throws IdentityException with code {@code CONFIGURATION} if no signer is named, this process
   *     is not in a cluster, or the client reaches another host without TLS
   */
  public KubernetesCertificateIssuer open() {
    if (!SIGNER.matcher(signer).matches()) {
      throw wrong("No signer is named" + (signer.isEmpty() ? "" : " by '" + signer + "'"));
    }
    if (patience.isNegative() || patience.isZero()) {
      throw wrong("No certificate comes within " + patience);
    }
    return new KubernetesCertificateIssuer(
        clients,
        new Terms(
            signer, usages.stream().map(Usage::toString).toList(), selfApproved, patience, clock));
  }

  private static IdentityException wrong(String what) {
    return new IdentityException(
        CONFIGURATION, what + "; call signer(\"domain.example/name\") and patience(...) rightly");
  }
}
