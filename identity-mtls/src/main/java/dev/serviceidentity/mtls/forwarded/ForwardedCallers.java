// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.forwarded;

import static dev.serviceidentity.mtls.forwarded.ForwardingHeader.CLIENT_CERT;
import static dev.serviceidentity.mtls.forwarded.ForwardingHeader.L5D_CLIENT_ID;
import static dev.serviceidentity.mtls.forwarded.ForwardingHeader.X_FORWARDED_CLIENT_CERT;

import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.CallerVerifier;
import dev.serviceidentity.identity.PrincipalId;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which proxies may speak for callers, and in which header each of them does. Nobody may unless
 * named here; to be among the allowed callers does not help.
 *
 * <pre>{@code
 * MtlsIdentity.builder()
 *     .pemDirectory(Path.of("/var/run/tls"))
 *     .trustDomain("shop.example")
 *     .forwarded(ForwardedCallers.builder()
 *         .xForwardedClientCertFrom("spiffe://shop.example/ns/edge/sa/gateway")
 *         .build());
 * }</pre>
 *
 * <p>A proxy that is named here is never itself the caller: without its header, its request is
 * refused. There must be one element, which the proxy itself has written; whom it names must be
 * allowed to call like everybody else. A header from anybody else is ignored, and access events
 * tell of it; a peer's own certificate always wins over it.
 *
 * <p>Where the proxy passes on the certificate, it is verified like that of a direct peer, except
 * that the proof of its key is the proxy's word. Where it passes on a name only, all of it is the
 * proxy's word. Callers carry which one in the attribute {@value #PROOF}: {@value #CERTIFICATE} or
 * {@value #ASSERTION}; what is only asserted ends after a minute. Immutable and thread-safe.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9440#section-4">RFC 9440, section 4</a>
 */
public final class ForwardedCallers {
  /** The attribute of a forwarded {@code Caller} that says what there was to verify. */
  public static final String PROOF = "forwarded-proof";

  /** There was a certificate, and it was verified. */
  public static final String CERTIFICATE = "certificate";

  /** There was a name only. */
  public static final String ASSERTION = "assertion";

  private final Map<PrincipalId, ForwarderTrust> proxies;
  private final Map<InetAddress, ForwarderTrust> sidecars;
  private final boolean appending;

  private ForwardedCallers(Builder builder) {
    this.proxies = Map.copyOf(builder.proxies);
    this.sidecars = Map.copyOf(builder.sidecars);
    this.appending = builder.appending;
  }

  /**
   * Trusts no proxy, as long as none is added.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Judges callers that are at the far end of the connection as well as forwarded ones.
   *
   * @param direct judges peers by the certificate that they have proven to hold
   * @param peers judges what proxies pass on
   * @return a verifier that stands in for {@code direct}
   */
  public CallerVerifier verifier(CallerVerifier direct, ForwardedPeers peers) {
    return new ForwardedVerifier(this, direct, peers);
  }

  /**
   * Says whether a peer is one of the proxies.
   *
   * @param peer who has proven itself on a connection
   * @return true for a proxy, false for everybody else
   */
  public boolean isProxy(PrincipalId peer) {
    return proxy(peer) != null;
  }

  /** Whether the last of several elements is believed. */
  boolean isAppending() {
    return appending;
  }

  /** What is believed of a peer that has proven who it is, or null. */
  @Nullable ForwarderTrust proxy(PrincipalId peer) {
    return proxies.get(peer);
  }

  /**
   * What is believed of a peer without a certificate, or null. A sidecar shares its pod's network:
   * it comes over loopback, or from the very address that it connects to.
   */
  @Nullable ForwarderTrust sidecar(CallerEvidence evidence) {
    InetAddress source = evidence.source().getAddress();
    return source.isLoopbackAddress() || source.equals(evidence.local().getAddress())
        ? sidecars.get(source)
        : null;
  }

  /** Names the proxies. Not thread-safe. */
  public static final class Builder {
    private final Map<PrincipalId, ForwarderTrust> proxies = new HashMap<>();
    private final Map<InetAddress, ForwarderTrust> sidecars = new HashMap<>();
    private boolean appending;

    private Builder() {}

    /**
     * Trusts a proxy that proves this identity by mutual TLS and writes {@code
     * x-forwarded-client-cert}, such as Envoy. Its element must have a {@code By} that is the same
     * identity; let it set the header (Envoy: {@code SANITIZE_SET}), and pass on {@code Cert}, or
     * {@code URI} if each authority that it trusts is held to names without {@code ,} and {@code
     * ;}.
     *
     * @param proxy a SPIFFE ID
     * @return this builder
     * @throws IllegalArgumentException if it is no SPIFFE ID, or configured already
     */
    public Builder xForwardedClientCertFrom(String proxy) {
      PrincipalId principal = PrincipalId.parse(proxy);
      if (!principal.isSpiffe()) {
        throw new IllegalArgumentException(
            principal + " is no SPIFFE ID; say also as whom it ends TLS, as By tells");
      }
      return proxy(principal, new ForwarderTrust(X_FORWARDED_CLIENT_CERT, principal.nativeName()));
    }

    /**
     * Trusts a proxy that proves one identity by mutual TLS to this service, and ends its clients'
     * TLS under another one.
     *
     * @param proxy the principal that it proves, as text or as a SPIFFE ID
     * @param by the URI of the certificate that it shows its clients, exactly as {@code By} tells
     * @return this builder
     * @throws IllegalArgumentException if it is no principal, or configured already
     */
    public Builder xForwardedClientCertFrom(String proxy, String by) {
      return proxy(
          PrincipalId.parse(proxy),
          new ForwarderTrust(X_FORWARDED_CLIENT_CERT, Objects.requireNonNull(by, "by")));
    }

    /**
     * Trusts a proxy that proves this identity by mutual TLS and writes {@code Client-Cert} and
     * perhaps {@code Client-Cert-Chain} (RFC 9440). The proxy must remove both from what its
     * clients send.
     *
     * @param proxy the principal that it proves, as text or as a SPIFFE ID
     * @return this builder
     * @throws IllegalArgumentException if it is no principal, or configured already
     */
    public Builder clientCertFrom(String proxy) {
      return proxy(PrincipalId.parse(proxy), new ForwarderTrust(CLIENT_CERT, null));
    }

    /**
     * Trusts whoever connects without TLS from one of these addresses in this service's own pod,
     * and writes {@code x-forwarded-client-cert} with a {@code By} that is this service's own
     * identity: Istio's sidecar comes from 127.0.0.6.
     *
     * <p><b>The address proves nothing.</b> Any code inside the pod can connect from it and forge
     * any caller: another container, a script, and also a request that this service itself can be
     * talked into making to its own port (SSRF). Prefer a proxy that proves its identity.
     *
     * @param addresses exact addresses: loopback, or the pod's own
     * @return this builder
     * @throws IllegalArgumentException if one is no such address, or configured already
     */
    public Builder trustSidecarOn(InetAddress... addresses) {
      return sidecars(X_FORWARDED_CLIENT_CERT, addresses);
    }

    /**
     * Trusts whoever connects without TLS from one of these addresses in this service's own pod,
     * and writes {@code l5d-client-id}, as Linkerd's sidecar does. The header is a DNS name, or a
     * SPIFFE ID, and says nothing of who has written it.
     *
     * <p><b>The address proves nothing</b>, as {@link #trustSidecarOn} tells, and there is not even
     * a {@code By} to hold it against.
     *
     * @param addresses exact addresses: loopback, or the pod's own
     * @return this builder
     * @throws IllegalArgumentException if one is no such address, or configured already
     */
    public Builder trustLinkerdSidecarOn(InetAddress... addresses) {
      return sidecars(L5D_CLIENT_ID, addresses);
    }

    /**
     * Believes the last element where {@code x-forwarded-client-cert} has several, of all proxies
     * and sidecars named here: for one that appends its own to what its client sent (Envoy: {@code
     * APPEND_FORWARD}). Without it, exactly one element is accepted.
     *
     * <p><b>Whoever can have a certificate with a comma in a name can then be any caller.</b> Envoy
     * writes URI and DNS names without quotes, so what follows the comma is the last element, its
     * {@code By} and {@code Cert} included. Say this only where each authority that the proxy
     * trusts signs no such names; better let the proxy set the header.
     *
     * @return this builder
     */
    public Builder appending() {
      this.appending = true;
      return this;
    }

    /**
     * What was named so far.
     *
     * @return the value
     */
    public ForwardedCallers build() {
      return new ForwardedCallers(this);
    }

    private Builder proxy(PrincipalId proxy, ForwarderTrust trust) {
      if (proxies.putIfAbsent(proxy, trust) != null) {
        throw new IllegalArgumentException(
            proxy + " is trusted already; each proxy writes one header");
      }
      return this;
    }

    private Builder sidecars(ForwardingHeader header, InetAddress... addresses) {
      for (InetAddress address : addresses) {
        if (address.isAnyLocalAddress() || address.isMulticastAddress()) {
          throw new IllegalArgumentException(
              address.getHostAddress() + " is not the address of one sidecar, such as 127.0.0.6");
        }
        if (sidecars.putIfAbsent(address, new ForwarderTrust(header, null)) != null) {
          throw new IllegalArgumentException(
              address.getHostAddress() + " is trusted already; each sidecar writes one header");
        }
      }
      return this;
    }
  }
}
