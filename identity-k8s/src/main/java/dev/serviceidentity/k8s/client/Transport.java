// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.client;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.lang.System.Logger.Level;
import java.net.URL;
import java.util.regex.Pattern;

/** How what is said to an API server is protected on its way. */
public final class Transport {
  private static final System.Logger LOG = System.getLogger(Transport.class.getName());

  /** Never a name that somebody else's DNS resolves. */
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[(::1|0:0:0:0:0:0:0:1)]");

  private Transport() {}

  /**
   * Refuses a client whose words others could read, and whose API server anybody on the way could
   * be: one without TLS, unless it reaches a loopback address, as a proxy beside this process has.
   *
   * @param client any client
   * @param remedy what to do about it besides
   * @throws IdentityException with code {@code CONFIGURATION} if it is refused
   */
  public static void requireProtected(KubernetesClient client, String remedy) {
    URL server = client.getMasterUrl();
    if (!server.getProtocol().equals("https") && !LOOPBACK.matcher(server.getHost()).matches()) {
      throw new IdentityException(
          Code.CONFIGURATION,
          "The client reaches the API server "
              + server
              + " without TLS: anybody on the way could read tokens and answer in its place. Give a"
              + " client with an https address"
              + remedy);
    }
    Config config = client.getConfiguration();
    if (config != null && (config.isTrustCerts() || config.isDisableHostnameVerification())) {
      LOG.log(
          Level.WARNING,
          "The client takes anybody for the API server {0}: neither trustCerts nor"
              + " disableHostnameVerification belongs where answers decide who a caller is",
          server);
    }
  }
}
