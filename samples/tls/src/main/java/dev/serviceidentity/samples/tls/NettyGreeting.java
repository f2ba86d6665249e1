// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.tls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import dev.serviceidentity.ServiceIdentity;
import dev.serviceidentity.access.AccessDecision;
import dev.serviceidentity.access.Admitted;
import dev.serviceidentity.access.Refused;
import dev.serviceidentity.caller.CallerEvidence;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Greets the callers that are admitted, on a connection of HTTP/1.1 or a stream of HTTP/2. */
@SuppressWarnings("FutureReturnValueIgnored") // Failures come to handlers and listeners.
final class NettyGreeting extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final int GRACE_SECONDS = 5;

  private final ServiceIdentity identity;

  /** The answer before: pipelined requests are answered in their order. */
  private CompletionStage<?> answered = CompletableFuture.completedStage(null);

  NettyGreeting(ServiceIdentity identity) {
    this.identity = identity;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    Channel stream = context.channel();
    Channel connection = stream instanceof Http2StreamChannel ? stream.parent() : stream;
    answered =
        answered.thenCombine(
            identity.admitAsync(evidence(connection, request)),
            (before, decision) -> answer(context, decision));
  }

  private static ChannelFuture answer(ChannelHandlerContext context, AccessDecision decision) {
    ChannelFuture written = context.writeAndFlush(response(decision));
    if (decision.endsConnection() && context.channel() instanceof Http2StreamChannel stream) {
      leave(stream.parent());
    }
    return written;
  }

  /**
   * Asks for no more requests, and still answers those that are on their way (RFC 9113 section
   * 6.8).
   */
  private static void leave(Channel connection) {
    connection.writeAndFlush(
        new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR).setExtraStreamIds(Integer.MAX_VALUE));
    connection.eventLoop().schedule(() -> connection.close(), GRACE_SECONDS, TimeUnit.SECONDS);
  }

  private static FullHttpResponse response(AccessDecision decision) {
    FullHttpResponse response =
        decision instanceof Refused refused
            ? text(HttpResponseStatus.valueOf(refused.httpStatus()), refused.publicReason())
            : text(HttpResponseStatus.OK, "hello " + ((Admitted) decision).caller().principal());
    decision.applyTo(response.headers()::add);
    return response;
  }

  private static FullHttpResponse text(HttpResponseStatus status, String text) {
    var response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, status, Unpooled.copiedBuffer(text, UTF_8));
    HttpUtil.setContentLength(response, response.content().readableBytes());
    return response;
  }

  private static CallerEvidence evidence(Channel connection, FullHttpRequest request) {
    return CallerEvidence.of(
            (InetSocketAddress) connection.remoteAddress(),
            (InetSocketAddress) connection.localAddress())
        .headers(
            request.headers().entries().stream()
                .collect(groupingBy(Map.Entry::getKey, mapping(Map.Entry::getValue, toList()))))
        .tlsSession(connection.pipeline().get(SslHandler.class).engine().getSession())
        .request(request.method().name(), new QueryStringDecoder(request.uri()).rawPath());
  }
}
