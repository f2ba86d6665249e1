// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.spiffe;

import com.google.protobuf.ByteString;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.mtls.MtlsIdentity;
import dev.serviceidentity.mtls.development.DevelopmentCa;
import dev.serviceidentity.mtls.development.IssuedCertificate;
import dev.serviceidentity.mtls.development.LeafTemplate;
import dev.serviceidentity.spi.IdentityRuntime;
import dev.serviceidentity.spi.OwnedRuntime;
import io.spiffe.workloadapi.grpc.Workload.X509SVID;
import io.spiffe.workloadapi.grpc.Workload.X509SVIDResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/** Agents on sockets, authorities of their trust domains, and services; closed at the end. */
final class Workloads implements AutoCloseable {
  static final String WEB = "spiffe://shop.example/ns/shop/sa/web";
  static final String ORDERS = "spiffe://shop.example/ns/shop/sa/orders";

  final Clock clock;
  final DevelopmentCa ca;
  Duration openTimeout = Duration.ofSeconds(30);
  private final Path directory;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  Workloads(Path directory) {
    this(directory, Clock.systemUTC());
  }

  Workloads(Path directory, Clock clock) {
    this.directory = directory;
    this.clock = clock;
    this.ca = DevelopmentCa.create("shop.example", clock);
  }

  AgentServer agent(String name) throws IOException {
    return closing(AgentServer.at(directory.resolve(name)));
  }

  /** A place for a socket where nobody listens yet. */
  Path socket(String name) {
    return directory.resolve(name);
  }

  <T extends AutoCloseable> T closing(T one) {
    open.push(one);
    return one;
  }

  /** An agent that has an SVID for this workload. */
  AgentServer agentOf(String id) throws IOException {
    AgentServer agent = agent(id.substring(id.lastIndexOf('/') + 1));
    agent.svids().send(response(svid(id)));
    return agent;
  }

  MtlsIdentity open(AgentServer agent) {
    return open(SpiffeSource.of(agent.api()));
  }

  MtlsIdentity open(SpiffeSource source) {
    return closing(
        MtlsIdentity.builder().source(source).trustDomain("shop.example").open(runtime()));
  }

  IdentityRuntime runtime() {
    return closing(
            OwnedRuntime.start(clock, refused -> {}, Set.of(MechanismName.MTLS), openTimeout))
        .runtime();
  }

  IssuedCertificate issue(String id) {
    return ca.issue(LeafTemplate.spiffe(id).dns("localhost").ip("127.0.0.1"));
  }

  X509SVID svid(String id) {
    return svid(id, issue(id));
  }

  static X509SVID svid(String id, IssuedCertificate issued) {
    return X509SVID
        .newBuilder()
        .setSpiffeId(id)
        .setX509Svid(der(issued.chain()))
        .setX509SvidKey(ByteString.copyFrom(issued.privateKey().getEncoded()))
        .setBundle(der(issued.authorities()))
        .build();
  }

  static X509SVIDResponse response(X509SVID... svids) {
    return X509SVIDResponse.newBuilder().addAllSvids(List.of(svids)).build();
  }

  static ByteString der(List<X509Certificate> certificates) {
    ByteString all = ByteString.EMPTY;
    for (X509Certificate certificate : certificates) {
      try {
        all = all.concat(ByteString.copyFrom(certificate.getEncoded()));
      } catch (CertificateEncodingException e) {
        throw new AssertionError(e);
      }
    }
    return all;
  }

  @Override
  public void close() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }
}
