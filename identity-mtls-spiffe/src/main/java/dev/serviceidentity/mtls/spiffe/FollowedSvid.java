// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.spiffe;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.mtls.source.CertificateSource;
import dev.serviceidentity.mtls.source.Credential;
import dev.serviceidentity.mtls.source.SourceContext;
import dev.serviceidentity.spi.Opening;
import java.util.Optional;

/** The stream of X.509-SVIDs, followed. */
final class FollowedSvid implements CertificateSource {
  private final Agent agent;
  private final Latest<SvidUpdate> latest;

  private FollowedSvid(Agent agent, Latest<SvidUpdate> latest) {
    this.agent = agent;
    this.latest = latest;
  }

  /** Waits for the first SVID, or throws and has closed all. */
  static FollowedSvid open(WorkloadApi api, SvidChoice choice, SourceContext context) {
    var latest =
        new Latest<>(
            "X.509-SVID from " + api, new SvidReader(api, choice), context.runtime().clock());
    var agent = new Agent(api);
    return Opening.orClose(
        agent::close,
        () -> {
          UpdateStream.start(agent, ApiMethod.X509_SVID, context.random(), latest);
          latest.await(context.runtime().openTimeout());
          return new FollowedSvid(agent, latest);
        });
  }

  @Override
  public Origin origin() {
    String from = agent.api().toString();
    return new Origin("The X.509-SVID from " + from, "the same answer", "bundle of " + from);
  }

  @Override
  public Credential read() {
    return latest.good().credential();
  }

  @Override
  public Optional<IdentityException> trouble() {
    return Optional.ofNullable(latest.trouble()).map(Latest.Trouble::cause);
  }

  @Override
  public void onChange(Runnable changed) {
    latest.onChange(changed);
  }

  @Override
  public void close() {
    agent.close();
  }
}
