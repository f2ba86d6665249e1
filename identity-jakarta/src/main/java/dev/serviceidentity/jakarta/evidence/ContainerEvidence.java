// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta.evidence;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.caller.CallerEvidence;
import dev.serviceidentity.caller.ChannelBinding;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * Evidence from what the container's own connector knows of a request: the socket's two ends, the
 * TLS session that it has ended, and all field lines. Tomcat 11 and Jetty 12 need nothing but this
 * object; wrappers around a request, such as those of Spring's {@code ForwardedHeaderFilter}, are
 * looked behind.
 *
 * <pre>{@code
 * RequestEvidence evidence = ContainerEvidence.detecting(identity);
 * CallerEvidence brought = evidence.of(request).request(request.getMethod(), request.getRequestURI());
 * }</pre>
 *
 * <p><b>Forwarding headers count for nothing here.</b> Tomcat's {@code RemoteIpValve} and {@code
 * SSLValve}, Jetty's {@code ForwardedRequestCustomizer} and its PROXY protocol change what {@code
 * getRemoteAddr()}, {@code isSecure()} and the attribute {@code
 * jakarta.servlet.request.X509Certificate} tell an application, and nothing of what is read here.
 * Where the container does not let that be read, there is no evidence, and {@link #of} throws.
 *
 * <p><b>Channel bindings</b> (RFC 5929 section 4) are that of the certificate which was shown on
 * this very connection, also when another one has replaced it since. Where the connection does not
 * tell which one that was, they are those of all certificates that this service has shown of late.
 * Without TLS there are none, unless a {@link ProxyPolicy} names some.
 *
 * <p>Immutable and thread-safe; one for each identity is enough. It hears of rotations for as long
 * as the identity is open.
 */
public final class ContainerEvidence implements RequestEvidence {
  private final OwnCertificates own;
  private final ProxyPolicy proxies;
  private final KnownContainers containers;
  private final Bindings bindings = new Bindings();

  private ContainerEvidence(
      OwnCertificates own, ProxyPolicy proxies, SpecifiedConnections otherContainers) {
    this.own = own;
    this.proxies = proxies;
    this.containers = new KnownContainers(otherContainers);
  }

  /**
   * Evidence for callers that speak to this service without a proxy that ends their TLS.
   *
   * @param identity whose certificates the container shows
   * @return evidence of requests of whichever of the known containers they come from
   */
  public static ContainerEvidence detecting(ServiceIdentity identity) {
    return detecting(identity, ProxyPolicy.none());
  }

  /**
   * Evidence with what a proxy in front changes about it.
   *
   * @param identity whose certificates the container shows
   * @param proxies what the proxy changes
   * @return evidence of requests of whichever of the known containers they come from
   */
  public static ContainerEvidence detecting(ServiceIdentity identity, ProxyPolicy proxies) {
    return new ContainerEvidence(
        OwnCertificates.of(identity),
        Objects.requireNonNull(proxies, "proxies"),
        SpecifiedConnections.REFUSED);
  }

  /**
   * The same for containers other than Tomcat and Jetty, too: believes what they tell by {@code
   * getRemoteAddr()}, {@code isSecure()} and {@code jakarta.servlet.request.X509Certificate}.
   *
   * <p><b>If anything in such a container sets these from headers, whoever can send a header is
   * whoever he likes, from wherever he likes.</b> How old a TLS session is does not count there,
   * for the specification has no session.
   *
   * @return new evidence; nothing changes for Tomcat and Jetty
   */
  public ContainerEvidence believingOtherContainers() {
    return new ContainerEvidence(own, proxies, SpecifiedConnections.BELIEVED);
  }

  /**
   * Reads one request, while it is being handled.
   *
   * @param request as the container made it, or wrapped
   * @return the evidence, nothing of it verified, without method and path
   * @throws dev.serviceidentity.identity.IdentityException with code {@code CONFIGURATION} if the
   *     connection cannot be read for certain, in words that tell why; nobody is to be admitted
   *     then
   */
  @Override
  public CallerEvidence of(HttpServletRequest request) {
    HttpServletRequest original = unwrapped(request);
    Connection connection = containers.get(original.getClass()).read(original);
    CallerEvidence evidence =
        CallerEvidence.of(connection.source(), connection.local()).headers(FieldLines.of(original));
    if (connection.tls() instanceof Handshake.Session known) {
      evidence = evidence.tlsSession(known.session());
    } else if (connection.tls() instanceof Handshake.Certificates known) {
      evidence = evidence.peerCertificates(known.peer());
    }
    return evidence.channelBindings(bindings(connection.tls()));
  }

  private List<ChannelBinding> bindings(Handshake tls) {
    Collection<X509Certificate> ofProxies = proxies.certificates();
    X509Certificate shown = tls.shown();
    if (ofProxies.isEmpty() && shown != null) {
      return bindings.to(List.of(shown));
    }
    var all = new ArrayList<X509Certificate>(ofProxies);
    if (shown != null) {
      all.add(shown);
    } else if (!(tls instanceof Handshake.Absent)) {
      all.addAll(own.all());
    }
    return bindings.to(all);
  }

  private static HttpServletRequest unwrapped(HttpServletRequest request) {
    ServletRequest inner = request;
    while (inner instanceof ServletRequestWrapper wrapper) {
      inner = wrapper.getRequest();
    }
    return (HttpServletRequest) inner;
  }
}
