// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.spiffe;

import static dev.serviceidentity.identity.IdentityException.Code.CONFIGURATION;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.spi.ForeignText;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a SPIFFE Workload API listens: the agent on this node. Nothing is asked before an identity
 * is opened.
 *
 * <pre>{@code
 * WorkloadApi agent = WorkloadApi.at("unix:///run/spire/agent/api.sock");
 * }</pre>
 *
 * <p>Immutable and thread-safe.
 *
 * @see <a
 *     href="https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Workload_Endpoint.md">SPIFFE
 *     Workload Endpoint</a>
 */
public final class WorkloadApi {
  private static final String VARIABLE = "SPIFFE_ENDPOINT_SOCKET";

  /** The keys of this service go over it in clear, so it never leaves this machine. */
  private static final Pattern LOOPBACK = Pattern.compile("127(\\.[0-9]{1,3}){3}|\\[::1]");

  private static final int HIGHEST_PORT = 65_535;

  private final String text;
  private final SocketAddress address;

  private WorkloadApi(String text, SocketAddress address) {
    this.text = text;
    this.address = address;
  }

  /**
   * A Workload API at a known place.
   *
   * @param address {@code unix:///run/spire/agent/api.sock}, or {@code tcp://127.0.0.1:8081} with
   *     any address of the loopback and a port (section 4 of the standard)
   * @return where it is
   * @throws IllegalArgumentException if it is neither
   */
  public static WorkloadApi at(String address) {
    try {
      URI uri = new URI(address);
      return switch (String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT)) {
        case "unix" -> new WorkloadApi(address, unix(uri, address));
        case "tcp" -> new WorkloadApi(address, loopback(uri, address));
        default -> throw wrong(address);
      };
    } catch (URISyntaxException e) {
      throw wrong(address);
    }
  }

  /**
   * The Workload API that the variable {@code SPIFFE_ENDPOINT_SOCKET} names, which is read now and
   * nowhere else.
   *
   * @return where it is
   * @throws IdentityException with code {@code CONFIGURATION} if there is no such variable, or no
   *     address of a Workload API in it
   */
  public static WorkloadApi fromEnvironment() {
    return named(System.getenv(VARIABLE));
  }

  static WorkloadApi named(@Nullable String variable) {
    if (variable == null || variable.isEmpty()) {
      throw new IdentityException(
          CONFIGURATION,
          "The variable "
              + VARIABLE
              + " is not set; set it to the address of the Workload API, such as"
              + " unix:///run/spire/agent/api.sock, or name the address with WorkloadApi.at(...)");
    }
    try {
      return at(variable);
    } catch (IllegalArgumentException e) {
      throw new IdentityException(
          CONFIGURATION, "The variable " + VARIABLE + ": " + e.getMessage(), e);
    }
  }

  SocketAddress address() {
    return address;
  }

  boolean isUnix() {
    return address instanceof UnixDomainSocketAddress;
  }

  /** Returns the address as it was written. */
  @Override
  public String toString() {
    return text;
  }

  private static SocketAddress unix(URI uri, String text) {
    String path = uri.getPath();
    if (path == null
        || !path.startsWith("/")
        || path.length() == 1
        || uri.getRawAuthority() != null
        || hasMore(uri)) {
      throw wrong(text);
    }
    return UnixDomainSocketAddress.of(path);
  }

  private static SocketAddress loopback(URI uri, String text) {
    String host = uri.getHost();
    boolean hasPath = uri.getRawPath() != null && !uri.getRawPath().isEmpty();
    if (host == null
        || !LOOPBACK.matcher(host).matches()
        || uri.getPort() < 1
        || uri.getPort() > HIGHEST_PORT
        || uri.getRawUserInfo() != null
        || hasPath
        || hasMore(uri)) {
      throw wrong(text);
    }
    try {
      return new InetSocketAddress(InetAddress.getByName(host), uri.getPort());
    } catch (UnknownHostException e) {
      throw wrong(text);
    }
  }

  private static boolean hasMore(URI uri) {
    return uri.getRawQuery() != null || uri.getRawFragment() != null;
  }

  private static IllegalArgumentException wrong(String text) {
    return new IllegalArgumentException(
        ForeignText.quote(text)
            + " is not the address of a Workload API: write unix:///path/of/the.sock, or"
            + " tcp://127.0.0.1:port");
  }
}
