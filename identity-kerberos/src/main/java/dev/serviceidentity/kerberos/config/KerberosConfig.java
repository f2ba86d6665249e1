// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.config;

import dev.serviceidentity.spi.ForeignText;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one identity knows of realms: their KDCs, the hosts that belong to them, and the realms
 * between two of them. Belongs to the instance that it is given to, never to the JVM. Immutable.
 *
 * <pre>{@code
 * KerberosConfig config = KerberosConfig.builder()
 *     .kdc("SHOP.EXAMPLE", "kdc-1.shop.example", "kdc-2.shop.example:1088")
 *     .hosts("SHOP.EXAMPLE", ".shop.example")
 *     .build();
 * }</pre>
 */
public final class KerberosConfig {
  private final @Nullable String defaultRealm;
  private final Map<String, List<KdcAddress>> kdcs;
  private final Map<String, String> hosts;
  private final Map<String, Map<String, List<String>>> paths;
  private final Duration kdcTimeout;
  private final @Nullable Duration ticketLifetime;
  private final @Nullable DnsDirectory dns;

  private KerberosConfig(Builder builder) {
    this.defaultRealm = builder.defaultRealm;
    this.kdcs = Map.copyOf(builder.kdcs);
    this.hosts = Map.copyOf(builder.hosts);
    this.paths = Map.copyOf(builder.paths);
    this.kdcTimeout = builder.kdcTimeout;
    this.ticketLifetime = builder.ticketLifetime;
    this.dns = builder.dns;
  }

  /**
   * Begins a configuration.
   *
   * @return without any realm
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The realm of principals that name none.
   *
   * @return empty if nobody said
   */
  public Optional<String> defaultRealm() {
    return Optional.ofNullable(defaultRealm);
  }

  /**
   * The KDCs of a realm. Blocks only where DNS is asked ({@link Builder#dnsLookup}): seconds at
   * most, and once in some minutes.
   *
   * @param realm in its own letter case
   * @return in the order in which they are asked; none for an unknown realm
   */
  public List<KdcAddress> kdcs(String realm) {
    List<KdcAddress> said = kdcs.getOrDefault(realm, List.of());
    return said.isEmpty() && dns != null ? dns.kdcs(realm) : said;
  }

  /**
   * The realm that a host belongs to: what was said of the host itself, else of the nearest domain
   * around it.
   *
   * @param host a name, in any letter case
   * @return empty if nothing was said
   */
  public Optional<String> realmOf(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    String realm = hosts.get(name);
    for (int dot = name.indexOf('.'); realm == null && dot >= 0; dot = name.indexOf('.', dot + 1)) {
      realm = hosts.get(name.substring(dot));
    }
    return Optional.ofNullable(realm);
  }

  /**
   * The realms between two ({@code capaths} of a krb5.conf).
   *
   * @param client the realm that the client belongs to
   * @param service the realm that the service belongs to
   * @return in the order of the way, without the two; none if they share a key; empty if nothing
   *     was said and the KDC is asked
   */
  public Optional<List<String>> path(String client, String service) {
    return Optional.ofNullable(paths.getOrDefault(client, Map.of()).get(service));
  }

  /**
   * How long one KDC may take to answer, before the next is asked.
   *
   * @return positive
   */
  public Duration kdcTimeout() {
    return kdcTimeout;
  }

  /**
   * The life that a login asks for; the KDC may give less.
   *
   * @return positive; empty for as long as the KDC gives
   */
  public Optional<Duration> ticketLifetime() {
    return Optional.ofNullable(ticketLifetime);
  }

  /**
   * The same with other KDCs of one realm.
   *
   * @param realm in its own letter case
   * @param addresses in the order in which they are asked
   * @return a configuration that knows no others of that realm
   */
  public KerberosConfig asking(String realm, List<KdcAddress> addresses) {
    var builder = new Builder();
    builder.defaultRealm = defaultRealm;
    builder.kdcs.putAll(kdcs);
    builder.kdcs.put(realm, List.copyOf(addresses));
    builder.hosts.putAll(hosts);
    builder.paths.putAll(paths);
    builder.kdcTimeout = kdcTimeout;
    builder.ticketLifetime = ticketLifetime;
    builder.dns = dns;
    return builder.build();
  }

  /** Returns the realms. */
  @Override
  public String toString() {
    return "KerberosConfig" + kdcs;
  }

  /** Collects realms. Mutable; use it from one thread. */
  public static final class Builder {
    private static final Duration KDC_TIMEOUT = Duration.ofSeconds(3);

    private @Nullable String defaultRealm;
    private final Map<String, List<KdcAddress>> kdcs = new HashMap<>();
    private final Map<String, String> hosts = new HashMap<>();
    private final Map<String, Map<String, List<String>>> paths = new HashMap<>();
    private Duration kdcTimeout = KDC_TIMEOUT;
    private @Nullable Duration ticketLifetime;
    private @Nullable DnsDirectory dns;

    private Builder() {}

    /**
     * The realm of principals that name none.
     *
     * @param realm in its own letter case
     * @return this builder
     */
    public Builder defaultRealm(String realm) {
      this.defaultRealm = Objects.requireNonNull(realm, "realm");
      return this;
    }

    /**
     * Adds KDCs of a realm, which are asked in this order.
     *
     * @param realm in its own letter case
     * @param addresses each as {@link KdcAddress#parse} reads it
     * @return this builder
     * @throws IllegalArgumentException if one is not an address
     */
    public Builder kdc(String realm, String... addresses) {
      var all = new ArrayList<>(kdcs.getOrDefault(realm, List.of()));
      for (String address : addresses) {
        all.add(KdcAddress.parse(address));
      }
      kdcs.put(Objects.requireNonNull(realm, "realm"), List.copyOf(all));
      return this;
    }

    /**
     * Says which hosts belong to a realm.
     *
     * @param realm in its own letter case
     * @param names a host, or a domain with a leading dot for all hosts within
     * @return this builder
     */
    public Builder hosts(String realm, String... names) {
      for (String name : names) {
        hosts.put(name.toLowerCase(Locale.ROOT), Objects.requireNonNull(realm, "realm"));
      }
      return this;
    }

    /**
     * Says which realms lie between two.
     *
     * @param client the realm that the client belongs to
     * @param service the realm that the service belongs to
     * @param between in the order of the way; none if the two share a key
     * @return this builder
     */
    public Builder path(String client, String service, String... between) {
      var ofClient = new HashMap<>(paths.getOrDefault(client, Map.of()));
      ofClient.put(service, List.of(between));
      paths.put(client, Map.copyOf(ofClient));
      return this;
    }

    /**
     * How long one KDC may take to answer, before the next is asked; three seconds unless said.
     *
     * @param limit positive
     * @return this builder
     * @throws IllegalArgumentException if the duration is zero or negative
     */
    public Builder kdcTimeout(Duration limit) {
      if (limit.isNegative() || limit.isZero()) {
        throw new IllegalArgumentException(
            "kdcTimeout(...) is positive, not " + ForeignText.quote(limit.toString()));
      }
      this.kdcTimeout = limit;
      return this;
    }

    /**
     * Whether DNS is asked for KDCs of realms that have none here: SRV records of {@code
     * _kerberos._tcp.REALM}, by the name servers of the machine. Whoever forges DNS can name KDCs
     * that do not work, and none that are believed. It is not asked unless said; needs the JDK's
     * module {@code jdk.naming.dns}.
     *
     * @param asked true to ask
     * @return this builder
     */
    public Builder dnsLookup(boolean asked) {
      return dns(
          asked
              ? new DnsDirectory(new SrvQuery("dns:"), System::nanoTime, new SecureRandom())
              : null);
    }

    /** With name servers and a ticker of a test. */
    Builder dns(@Nullable DnsDirectory directory) {
      this.dns = directory;
      return this;
    }

    /**
     * The life that a login asks for; as long as the KDC gives unless said.
     *
     * @param life positive
     * @return this builder
     * @throws IllegalArgumentException if the duration is zero or negative
     */
    public Builder ticketLifetime(Duration life) {
      if (life.isNegative() || life.isZero()) {
        throw new IllegalArgumentException(
            "ticketLifetime(...) is positive, not " + ForeignText.quote(life.toString()));
      }
      this.ticketLifetime = life;
      return this;
    }

    /**
     * Makes the configuration.
     *
     * @return immutable
     */
    public KerberosConfig build() {
      return new KerberosConfig(this);
    }
  }
}
