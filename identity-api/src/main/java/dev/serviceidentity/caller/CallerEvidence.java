// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.caller;

import java.net.InetSocketAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * What one request brings that may tell who sent it: field lines, the TLS session, and the two
 * addresses of the connection. Nothing in it is verified.
 *
 * <pre>{@code
 * CallerEvidence evidence = CallerEvidence.of(socket.remote(), socket.local())
 *     .headers(request.headers())
 *     .tlsSession(session)
 *     .request("GET", "/orders/{id}");
 * }</pre>
 *
 * <p>Each method that takes a part returns a new value with that part. Immutable and thread-safe.
 */
public final class CallerEvidence {
  private final InetSocketAddress source;
  private final InetSocketAddress local;
  private final Map<String, List<String>> headers;
  private final @Nullable SSLSession session;
  private final List<X509Certificate> certificates;
  private final List<ChannelBinding> bindings;
  private final String method;
  private final String path;

  private CallerEvidence(Parts parts) {
    this.source = parts.source;
    this.local = parts.local;
    this.headers = parts.headers;
    this.session = parts.session;
    this.certificates = parts.certificates;
    this.bindings = parts.bindings;
    this.method = parts.method;
    this.path = parts.path;
  }

  /**
   * Evidence of a connection, so far without any credential.
   *
   * @param source the socket's remote address, as the kernel reports it; resolved
   * @param local the socket's local address; resolved
   * @return anonymous evidence
   */
  public static CallerEvidence of(InetSocketAddress source, InetSocketAddress local) {
    requireResolved(source);
    requireResolved(local);
    return new CallerEvidence(new Parts(source, local));
  }

  /**
   * The same evidence with the request's field lines, replacing earlier ones.
   *
   * @param fields all values by name, in the order received; names that differ in letter case only
   *     are the same field (RFC 9110 section 5.1)
   * @return new evidence
   */
  public CallerEvidence headers(Map<String, List<String>> fields) {
    var byName = new TreeMap<String, List<String>>();
    fields.forEach(
        (name, values) ->
            byName.merge(
                name.toLowerCase(Locale.ROOT), List.copyOf(values), CallerEvidence::joined));
    Parts parts = new Parts(this);
    parts.headers = byName;
    return new CallerEvidence(parts);
  }

  /**
   * The same evidence with the TLS session of the connection.
   *
   * @param tls a session whose handshake has finished
   * @return new evidence, with the peer's certificates if it sent any
   */
  public CallerEvidence tlsSession(SSLSession tls) {
    Parts parts = new Parts(this);
    parts.session = Objects.requireNonNull(tls, "tls");
    parts.certificates = peerOf(tls);
    return new CallerEvidence(parts);
  }

  /**
   * The same evidence with the peer's certificates, for containers that hand out those and not the
   * session. Only certificates whose key the peer has proven to hold in the handshake belong here,
   * never ones from a header.
   *
   * @param chain the leaf first
   * @return new evidence
   */
  public CallerEvidence peerCertificates(List<X509Certificate> chain) {
    Parts parts = new Parts(this);
    parts.certificates = List.copyOf(chain);
    return new CallerEvidence(parts);
  }

  /**
   * The same evidence with the channel bindings that a credential may be bound to: those of the
   * certificate that this service, or the proxy in front of it, has shown on the connection.
   *
   * @param acceptable several where it is not known which of them the caller has seen, as while a
   *     certificate is replaced
   * @return new evidence
   */
  public CallerEvidence channelBindings(Collection<ChannelBinding> acceptable) {
    Parts parts = new Parts(this);
    parts.bindings = List.copyOf(acceptable);
    return new CallerEvidence(parts);
  }

  /**
   * The same evidence with the request's line, for rules by path and for the audit.
   *
   * @param method the HTTP method, or the RPC's kind
   * @param path the path without query, or its template where the framework knows it
   * @return new evidence
   */
  public CallerEvidence request(String method, String path) {
    Parts parts = new Parts(this);
    parts.method = Objects.requireNonNull(method, "method");
    parts.path = Objects.requireNonNull(path, "path");
    return new CallerEvidence(parts);
  }

  /**
   * The socket's remote address.
   *
   * @return never null, resolved
   */
  public InetSocketAddress source() {
    return source;
  }

  /**
   * The socket's local address.
   *
   * @return never null, resolved
   */
  public InetSocketAddress local() {
    return local;
  }

  /**
   * All values of one field.
   *
   * @param name the field name, in any letter case
   * @return the values in the order received; empty if there is none
   */
  public List<String> header(String name) {
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
  }

  /**
   * The TLS session of the connection.
   *
   * @return empty without TLS, or where only certificates are known
   */
  public Optional<SSLSession> tlsSession() {
    return Optional.ofNullable(session);
  }

  /**
   * The certificates that the peer proved to hold in the TLS handshake.
   *
   * @return the leaf first; empty for a peer without certificate
   */
  public List<X509Certificate> peerCertificates() {
    return certificates;
  }

  /**
   * The channel bindings that a credential may be bound to.
   *
   * @return empty where they are not known
   */
  public List<ChannelBinding> channelBindings() {
    return bindings;
  }

  /**
   * The HTTP method.
   *
   * @return empty text if it was not given
   */
  public String method() {
    return method;
  }

  /**
   * The path, or its template.
   *
   * @return empty text if it was not given
   */
  public String path() {
    return path;
  }

  /**
   * Returns the addresses and the names of what is there; never a value that may be a credential.
   */
  @Override
  public String toString() {
    return "CallerEvidence[source="
        + source
        + ", headers="
        + headers.keySet()
        + ", certificates="
        + certificates.size()
        + "]";
  }

  private static List<X509Certificate> peerOf(SSLSession tls) {
    Certificate[] chain;
    try {
      chain = tls.getPeerCertificates();
    } catch (SSLPeerUnverifiedException anonymous) {
      return List.of();
    }
    return Arrays.stream(chain).map(X509Certificate.class::cast).toList();
  }

  private static List<String> joined(List<String> first, List<String> then) {
    return Stream.concat(first.stream(), then.stream()).toList();
  }

  private static void requireResolved(InetSocketAddress address) {
    if (address.isUnresolved()) {
      throw new IllegalArgumentException("An address of a connection is resolved: " + address);
    }
  }

  /** The parts while the next evidence is put together. */
  private static final class Parts {
    private final InetSocketAddress source;
    private final InetSocketAddress local;
    private Map<String, List<String>> headers = Map.of();
    private @Nullable SSLSession session;
    private List<X509Certificate> certificates = List.of();
    private List<ChannelBinding> bindings = List.of();
    private String method = "";
    private String path = "";

    Parts(InetSocketAddress source, InetSocketAddress local) {
      this.source = source;
      this.local = local;
    }

    Parts(CallerEvidence from) {
      this(from.source, from.local);
      headers = from.headers;
      session = from.session;
      certificates = from.certificates;
      bindings = from.bindings;
      method = from.method;
      path = from.path;
    }
  }
}
