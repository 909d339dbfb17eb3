import { describe, expect, it } from "vitest"
import { classifyFailure } from "@gentask/core/provider"

describe("classifyFailure", () => {
  it.each([
    // Codes of vendors and gateways.
    "content_policy_violation",
    "CONTENT_POLICY_BLOCKED: the input was flagged as sensitive.",
    "moderation_blocked",
    "input_moderation",
    "imagine:content-moderated",
    "PROVIDER_MODERATION_ERROR",
    "OutputAudioSensitiveContentDetected",
    "InputImageSensitiveContentDetected.PrivacyInformation",
    "PROHIBITED_CONTENT",
    "IMAGE_SAFETY",
    "SAFETY.INPUT.TEXT",
    "content_rejected",
    "Request Moderated",
    "PUBLIC_ERROR_UNSAFE_GENERATION",
    "PUBLIC_ERROR_MINOR_UPLOAD",
    "PUBLIC_ERROR_PROMINENT_PEOPLE_FILTER_FAILED",
    "PUBLIC_ERROR_DANGER_FILTER",
    "Sensitive chat messages",
    "DataInspectionFailed: Input data may contain inappropriate content.",
    // Sentences.
    "[SY_ERR:10] PROVIDER_MODERATION_ERROR: TRADEMARK: the input may contain sensitive information",
    "Sorry, but the image we created may violate OpenAI's content policies.",
    "This content may violate our guidelines around nudity, sexuality, or erotic content.",
    "This content may violate our guardrails concerning similarity to third-party content.",
    "Your request was rejected as a result of our safety system.",
    "Your prompt was flagged by Website as violating content policies.",
    "Invalid prompt: your prompt was flagged as potentially violating our usage policy. Please try again with a different prompt.",
    "Content violates usage guidelines. Failed check: SAFETY_CHECK_TYPE_CSAM",
    "Generated video rejected by content moderation.",
    "The prompt describes content that is not allowed.",
    "The request failed because the output video may contain sensitive information. Request id: 0217",
    "The request failed because the input image may contain real person.",
    "Resource exists risk.",
    "Pre Img Risk Not Pass",
    "Post Audio Risk Not Pass",
    "Text Risk Not Pass",
    "blocked by Responsible AI",
    "1 of the videos was filtered out because it violated Vertex AI's usage guidelines",
    "The image depicts a celebrity, which is not supported",
    "NSFW content detected. Try running it again, or try a different prompt.",
    "Request contains prohibited words",
    "The prompt contains a banned word",
    "Possible copyright infringement",
    "IPInfringementSuspect: Input data is suspected of being involved in IP infringement.",
    "Input data is blocked by faq rule.",
    "Green net check failed for image",
    "Rejected by the safety system",
    "This request violates the terms of service",
    // Chinese.
    "输入内容包含敏感信息",
    "提示词包含违规内容，请修改后重试",
    "图片内容安全审核未通过",
    "输入图片前审核未通过",
    "输出视频未通过审核",
    "审核不通过",
    "内容审核失败",
    "生成内容违反平台规定",
    "涉及版权内容，无法生成",
    "图片中含有真人人脸",
    "检测到色情低俗内容",
    "文本存在风险",
    "触发风控",
    "可能涉及侵犯第三方权益的内容",
    "InputImageRiskDetection",
    "输入的图片不符合平台规则",
    "机审不通过",
    "安全检测未通过",
    "内容不安全",
    "生成图片审核不通过，请重试。",
    "内容由于合规问题已被阻止生成"
  ])("recognizes moderation: %s", (text) => {
    expect(classifyFailure(text)?.reason).toBe("moderation")
  })

  it.each([
    ["Request blocked by network security policy", undefined],
    ["The request was denied by the access policy of the bucket.", undefined],
    ["Content was blocked by the firewall policy", undefined],
    [
      "Refused to load the image because it violates the following Content Security Policy directive",
      undefined
    ],
    ["Blocked by CORS policy: no Access-Control-Allow-Origin header", undefined],
    ["Your account has been suspended for violating our usage policies.", undefined],
    ["Your IP address was flagged", undefined],
    ["用户账号已被封禁，违反用户协议", undefined],
    ["The field name is case sensitive", undefined],
    ["Image service unavailable", "upstream"],
    ["The image service is not accessible", undefined],
    ["Content moderation service is temporarily unavailable", "upstream"],
    ["Safety check timed out", "timeout"],
    ["Failed to call the content moderation API", undefined],
    ["内容审核服务超时", "timeout"],
    ["Internal error in safety service", "upstream"],
    ["网络安全策略拒绝访问", undefined],
    ["Risk Internal Error", "upstream"],
    ["Image-Copyright Internal Error", "upstream"],
    ["请求被网络策略拦截", undefined],
    ["任务审核中", undefined],
    ["Request rate limit exceeded", "upstream"],
    ["Please try again later", "upstream"],
    ["Please try again", undefined],
    ["Copyright 2026 Example Inc. All rights reserved.", undefined],
    ["The model does not support moderate motion", undefined],
    ["Only a minor version of the model is available", undefined],
    ["未检测到真人", "invalid-input"]
  ])("does not take for moderation: %s", (text, reason) => {
    expect(classifyFailure(text)?.reason).toBe(reason)
  })

  it.each([
    "insufficient_user_quota",
    "InsufficientBalance",
    "pre_consume_token_quota_failed",
    "PUBLIC_ERROR_USER_QUOTA_REACHED",
    "AccountOverdueError",
    "Arrearage: Access denied, please make sure your account is in good standing.",
    "token quota is not enough",
    "You exceeded your current quota, please check your plan and billing details.",
    "Billing hard limit has been reached",
    "Your credits are insufficient",
    "Not enough credits to run this task",
    "Payment Required",
    "The spending cap of this key is reached",
    "预扣费额度失败, 用户剩余额度: ¥5.200000, 需要预扣费额度: ¥27.600000",
    "账户余额不足",
    "您的账户已欠费，请充值",
    "积分不足",
    "Not enough points",
    "billing_not_active"
  ])("recognizes an empty account: %s", (text) => {
    expect(classifyFailure(text)).toEqual({ reason: "quota" })
  })

  it.each([
    "timeout",
    "TASK_TIMED_OUT",
    "The task timed out after 600 seconds",
    "context deadline exceeded",
    "The generation took too long",
    "任务超时"
  ])("recognizes a timeout: %s", (text) => {
    expect(classifyFailure(text)).toEqual({ reason: "timeout" })
  })

  it.each(["The task was cancelled by its owner.", "Task canceled", "USER_CANCELED", "用户取消"])(
    "recognizes a canceled task: %s",
    (text) => {
      expect(classifyFailure(text)).toEqual({ reason: "canceled" })
    }
  )

  it.each([
    "Input invalid for this service.",
    "invalid_parameter",
    "InvalidParameter.TaskTypeConstraint: The parameter ratio specified in the request is not valid.",
    "The image is too large.",
    "Image size exceeds 10MB",
    "Unsupported image format",
    "Invalid prompt: it is not a text",
    "invalid video_reference[0]: uploaded media failed: DURATION_TOO_LONG",
    "Prompt must not be longer than 800 characters",
    "duration must be one of 5, 10",
    "images must contain exactly one image URL",
    "grok-imagine-video-1.5-preview requires an input image",
    "Invalid content type",
    "图片太大",
    "分辨率过低",
    "时长必须为5或10",
    "模型不存在",
    "请上传图片",
    "Missing required parameter: prompt",
    "The aspect ratio is not supported",
    "No human face detected",
    "FailedOperation.ImageSizeExceed",
    "Prompt tokens too long",
    "参数错误",
    "图片尺寸过大",
    "图像解码错误",
    "视频画幅仅支持：[1:1]，当前传入 adaptive",
    "提示词过长"
  ])("recognizes an invalid input, which would be rejected again: %s", (text) => {
    expect(classifyFailure(text)).toEqual({ reason: "invalid-input", canResubmit: false })
  })

  it.each([
    "The image could not be downloaded",
    "Failed to download the input image",
    "Unable to access the reference file",
    "Download Url Error",
    "[SY_ERR:10] invalid image_urls[1]: s3 upload failed: read: connection reset by peer",
    "Timeout while downloading https://files.example.com/1.png.",
    "InvalidParameter: timeout while fetching resource",
    "image fetch failed",
    "FailedOperation.ImageDownloadError",
    "Media Access Failed: Unable to access the provided media URL.",
    "参考图下载失败",
    "下载图片失败",
    "无法访问图片链接",
    "图片链接已失效",
    "无法识别图片",
    "cannot identify image file"
  ])("recognizes an input that could not be read, perhaps for the moment: %s", (text) => {
    expect(classifyFailure(text)).toEqual({ reason: "invalid-input" })
  })

  it.each([
    "Internal Error",
    "Internal RPC Error",
    "Internal server error, please try again later.",
    "upstream_load_saturated",
    "当前分组上游负载已饱和，请稍后再试",
    "The model is overloaded",
    "Server busy",
    "heavy_load",
    "GPU resources exhausted",
    "Too many concurrent tasks",
    "bad_response_status_code",
    "当前排队人数过多",
    "资源不足",
    "We're under heavy load right now",
    "read: connection reset by peer",
    "Too many requests",
    "Request Has Reached API Concurrent Limit, Please Try Later",
    "Quota exceeded for requests per minute",
    "系统繁忙",
    "服务器内部错误",
    "请求过于频繁，请稍后重试"
  ])("recognizes a failure of the vendor: %s", (text) => {
    expect(classifyFailure(text)).toEqual({ reason: "upstream" })
  })

  it.each([
    "Task failed",
    "The video could not be made.",
    "The prompt was refused.",
    "generation_failed",
    "生成失败",
    "an undocumented provider failure",
    "10001",
    "no"
  ])("does not guess: %s", (text) => {
    expect(classifyFailure(text)).toBeUndefined()
  })

  it("does not tell whether to submit again if the result was rejected, since the next one may pass", () => {
    expect(classifyFailure("the output video may contain sensitive information")).toEqual({
      reason: "moderation"
    })
    expect(classifyFailure("the input may contain sensitive information")).toEqual({
      reason: "moderation",
      canResubmit: false
    })
  })

  it("classifies the code and the message together", () => {
    expect(classifyFailure("content_policy", "The task failed")).toMatchObject({ reason: "moderation" })
    expect(classifyFailure(422, undefined, null, "", "The image could not be downloaded")).toEqual({
      reason: "invalid-input"
    })
    expect(classifyFailure(undefined, null, "")).toBeUndefined()
  })

  it("ignores what follows the first 2000 characters", () => {
    expect(classifyFailure(`${"x ".repeat(1000)}nsfw`)).toBeUndefined()
  })
})
