// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.spiffe;

import dev.serviceidentity.identity.IdentityException;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.TimeUnit;

/** One question to the Workload API and its answers, on a connection that ends with it. */
final class Exchange extends ClientCall.Listener<byte[]> {
  /** Without it, an agent must refuse (Workload Endpoint, section 3): it keeps browsers out. */
  private static final Metadata.Key<String> SECURITY_HEADER =
      Metadata.Key.of("workload.spiffe.io", Metadata.ASCII_STRING_MARSHALLER);

  private static final int LONGEST_ANSWER_SECONDS = 10;

  private final Agent agent;
  private final ManagedChannel channel;
  private final ClientCall<byte[], byte[]> call;
  private final Answers answers;

  /** Hears what is answered, on the thread of the agent. */
  interface Answers {
    void message(byte[] bytes);

    /** Nothing follows. */
    void ended(IdentityException why);
  }

  /** Asks nothing yet. */
  Exchange(Agent agent, ApiMethod method, Answers answers) {
    this.agent = agent;
    this.answers = answers;
    this.channel = agent.connect();
    this.call = channel.newCall(method.descriptor(), options(method));
  }

  /** Asks; on the thread of the agent. It may have failed already when this returns. */
  void begin(byte[] request) {
    agent.began(this);
    var headers = new Metadata();
    headers.put(SECURITY_HEADER, "true");
    call.start(this, headers);
    call.request(1);
    call.sendMessage(request);
    call.halfClose();
  }

  /** Ends it, which is told like any other end. */
  void cancel(String why) {
    call.cancel(why, null);
  }

  @Override
  public void onMessage(byte[] message) {
    answers.message(message);
    call.request(1);
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    channel.shutdownNow();
    agent.ended(this);
    answers.ended(AgentTrouble.of(status, agent.api()));
  }

  /** A stream may go on for ever. */
  private static CallOptions options(ApiMethod method) {
    return method.answersOnce()
        ? CallOptions.DEFAULT.withDeadlineAfter(LONGEST_ANSWER_SECONDS, TimeUnit.SECONDS)
        : CallOptions.DEFAULT;
  }
}
