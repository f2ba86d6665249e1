// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.development;

import static dev.serviceidentity.identity.IdentityException.Code.AUTHORITY_UNREACHABLE;
import static dev.serviceidentity.identity.IdentityException.Code.REFUSED;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.spi.CertificateIssuer;
import dev.serviceidentity.spi.ForeignText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.MalformedURLException;
import java.net.Proxy;
import java.net.URI;
import java.net.URL;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Asks the {@link IssuingEndpoint} of another process for certificates, directly, whatever proxies
 * the JVM has: neither token nor authorities are theirs. Development only. Immutable and
 * thread-safe; its {@code toString} does not show the token.
 */
public final class RemoteDevelopmentCa implements CertificateIssuer {
  private static final int TIMEOUT_MILLIS = 10_000;

  private final URI endpoint;
  private final String token;

  private RemoteDevelopmentCa(URI endpoint, String token) {
    this.endpoint = Objects.requireNonNull(endpoint, "endpoint");
    this.token = Objects.requireNonNull(token, "token");
  }

  /**
   * The authority behind an endpoint; nothing is asked yet.
   *
   * @param endpoint as {@link IssuingEndpoint#uri()} says
   * @param token as the endpoint was started with
   * @return an issuer for {@code IssuedIdentity}; it asks the endpoint itself, whatever proxy the
   *     JVM is configured with
   * @throws IllegalArgumentException if it is no address of {@code http} or {@code https}
   */
  public static RemoteDevelopmentCa at(URI endpoint, String token) {
    if (!String.valueOf(endpoint.getScheme()).matches("(?i)https?") || endpoint.getHost() == null) {
      throw new IllegalArgumentException(
          endpoint + " is no address of an issuing endpoint, such as http://127.0.0.1:8443/...");
    }
    return new RemoteDevelopmentCa(endpoint, token);
  }

  @Override
  public Issued issue(byte[] request, Duration lifetime) {
    try {
      HttpURLConnection connection = connection(lifetime);
      try {
        connection.getOutputStream().write(request);
        int status = connection.getResponseCode();
        if (status != HttpURLConnection.HTTP_OK) {
          throw new IdentityException(
              status < HttpURLConnection.HTTP_INTERNAL_ERROR ? REFUSED : AUTHORITY_UNREACHABLE,
              this
                  + " answered "
                  + status
                  + ": "
                  + ForeignText.quote(text(connection.getErrorStream())));
        }
        return issued(text(connection.getInputStream()));
      } finally {
        connection.disconnect();
      }
    } catch (IOException e) {
      throw new IdentityException(
          AUTHORITY_UNREACHABLE, this + " does not answer; start it, or correct its address", e);
    }
  }

  /** Returns the address. */
  @Override
  public String toString() {
    return "The issuing endpoint " + endpoint;
  }

  private HttpURLConnection connection(Duration lifetime) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) url(lifetime).openConnection(Proxy.NO_PROXY);
    connection.setInstanceFollowRedirects(false);
    connection.setConnectTimeout(TIMEOUT_MILLIS);
    connection.setReadTimeout(TIMEOUT_MILLIS);
    connection.setDoOutput(true);
    connection.setRequestMethod("POST");
    connection.setRequestProperty("Authorization", "Bearer " + token);
    connection.setRequestProperty("Content-Type", "application/pkcs10");
    return connection;
  }

  private URL url(Duration lifetime) throws MalformedURLException {
    return URI.create(endpoint + "?seconds=" + lifetime.toSeconds()).toURL();
  }

  private Issued issued(String pem) {
    var certificates = new ArrayList<X509Certificate>();
    try {
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem.getBytes(UTF_8)))) {
        certificates.add((X509Certificate) certificate);
      }
    } catch (CertificateException e) {
      throw new IdentityException(REFUSED, this + " answered something else than PEM", e);
    }
    if (certificates.isEmpty()) {
      throw new IdentityException(REFUSED, this + " answered without certificate");
    }
    return new Issued(List.of(certificates.get(0)), certificates.subList(1, certificates.size()));
  }

  private static String text(@Nullable InputStream in) throws IOException {
    return in == null ? "" : new String(in.readNBytes(IssuingEndpoint.MOST_BYTES), UTF_8);
  }
}
