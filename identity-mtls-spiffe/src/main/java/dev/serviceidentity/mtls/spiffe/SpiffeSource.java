// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.spiffe;

import dev.serviceidentity.mtls.source.CertificateSource;
import dev.serviceidentity.mtls.source.SourceContext;
import dev.serviceidentity.mtls.source.SourceProvider;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The X.509-SVID that a SPIFFE Workload API gives to this process, with the authorities of its own
 * trust domain and of those that it federates with. Each update of the agent is in use at once; an
 * agent that fails is asked again for ever, with growing pauses, while the last SVID stays in use
 * until it really ends.
 *
 * <pre>{@code
 * MtlsIdentity.builder()
 *     .source(SpiffeSource.of(WorkloadApi.at("unix:///run/spire/agent/api.sock")))
 *     .trustDomain("shop.example")
 * }</pre>
 *
 * <p>Opening waits for the first SVID as long as the identity's {@code openTimeout}. Revocation
 * lists in the updates are not used. Immutable and thread-safe.
 *
 * @see <a href="https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Workload_API.md">SPIFFE
 *     Workload API, section 5</a>
 */
public final class SpiffeSource implements SourceProvider {
  private final WorkloadApi api;
  private final @Nullable String id;

  private SpiffeSource(WorkloadApi api, @Nullable String id) {
    this.api = Objects.requireNonNull(api, "api");
    this.id = id;
  }

  /**
   * The first SVID that the agent sends, which is the one to use by default.
   *
   * @param api where the agent is
   * @return the source; nothing is asked before it is opened
   */
  public static SpiffeSource of(WorkloadApi api) {
    return new SpiffeSource(api, null);
  }

  /**
   * The same with one certain SVID, for a workload that has several.
   *
   * @param spiffeId the whole ID
   * @return a new value
   * @throws IllegalArgumentException if it is no ID of a workload
   */
  public SpiffeSource svid(String spiffeId) {
    return new SpiffeSource(api, SvidChoice.requireWorkload(spiffeId));
  }

  @Override
  public CertificateSource open(SourceContext context) {
    return FollowedSvid.open(api, new SvidChoice(context.trustDomain(), id), context);
  }

  /** Returns where the agent is. */
  @Override
  public String toString() {
    return "SpiffeSource[" + api + "]";
  }
}
