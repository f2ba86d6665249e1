// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.caller;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What tells the TLS connection that a credential may be bound to from others (RFC 5056): the
 * application data of a channel binding, with its type in front. Immutable, no secret, thread-safe.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5929">RFC 5929</a>
 */
public final class ChannelBinding {
  private final byte[] applicationData;

  private ChannelBinding(byte[] applicationData) {
    this.applicationData = applicationData;
  }

  /**
   * A binding whose data is known, such as one that a proxy ends TLS with.
   *
   * @param applicationData the type, a colon and its data, for example {@code
   *     tls-server-end-point:} in ASCII and the hash of the certificate; copied
   * @return the binding
   */
  public static ChannelBinding of(byte[] applicationData) {
    return new ChannelBinding(applicationData.clone());
  }

  /**
   * The binding to a server's certificate (RFC 5929 section 4.1), which is hashed with the hash of
   * its signature, or with SHA-256 where that is MD5 or SHA-1.
   *
   * @param server the leaf certificate that the server sends
   * @return the binding
   * @throws IllegalArgumentException if the certificate's signature has no hash of its own, as
   *     those of EdDSA: RFC 5929 has no binding for it
   */
  public static ChannelBinding tlsServerEndPoint(X509Certificate server) {
    String hash = hashOf(server);
    try {
      var data = new ByteArrayOutputStream();
      data.writeBytes("tls-server-end-point:".getBytes(StandardCharsets.US_ASCII));
      data.writeBytes(MessageDigest.getInstance(hash).digest(server.getEncoded()));
      return new ChannelBinding(data.toByteArray());
    } catch (GeneralSecurityException unusable) {
      throw new IllegalArgumentException("The certificate cannot be hashed with " + hash, unusable);
    }
  }

  /**
   * The type, a colon and its data.
   *
   * @return a copy
   */
  public byte[] applicationData() {
    return applicationData.clone();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ChannelBinding that
        && MessageDigest.isEqual(applicationData, that.applicationData);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(applicationData);
  }

  /** Returns the type. */
  @Override
  public String toString() {
    String text = new String(applicationData, StandardCharsets.US_ASCII);
    int colon = text.indexOf(':');
    return "ChannelBinding[" + (colon < 0 ? "" : text.substring(0, colon)) + "]";
  }

  private static String hashOf(X509Certificate server) {
    String algorithm = server.getSigAlgName().toUpperCase(Locale.ROOT);
    if (algorithm.equals("RSASSA-PSS")) {
      return atLeastSha256(hashOfPss(server));
    }
    int with = algorithm.indexOf("WITH");
    if (with < 0) {
      throw new IllegalArgumentException(
          "RFC 5929 has no tls-server-end-point for a certificate signed with "
              + server.getSigAlgName());
    }
    return atLeastSha256(algorithm.substring(0, with));
  }

  private static String hashOfPss(X509Certificate server) {
    try {
      var parameters = AlgorithmParameters.getInstance("RSASSA-PSS");
      parameters.init(server.getSigAlgParams());
      return parameters.getParameterSpec(PSSParameterSpec.class).getDigestAlgorithm();
    } catch (IOException | GeneralSecurityException unusable) {
      throw new IllegalArgumentException("The certificate's PSS parameters", unusable);
    }
  }

  private static String atLeastSha256(String hash) {
    String name = hash.replace("-", "").toUpperCase(Locale.ROOT);
    return switch (name) {
      case "MD5", "SHA1" -> "SHA-256";
      default -> name.startsWith("SHA3") ? hash : name.replaceFirst("^SHA", "SHA-");
    };
  }
}
